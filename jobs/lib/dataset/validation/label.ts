import type { Target, TargetScan } from "../features/mod.ts";
import { type DataReport, type Finding, warning } from "./finding.ts";
import type { Predictiveness } from "./leakage.ts";

/** What is known about the label. */
export interface LabelFacts {
  readonly findings: readonly Finding[];
  readonly classes: DataReport["classes"];
  /** How well each column alone predicts it, the best first. */
  readonly leaks: readonly Predictiveness[];
}

/** Classes with fewer rows cannot be learnt or measured. */
const FEW_ROWS = 10;
/** Data with fewer labelled rows gives no model worth its measures. */
const FEW_LABELLED = 100;
/** Most classes that a message lists. */
const LISTED_CLASSES = 10;
/** A feature that predicts better than this is asked about. */
const SUSPICIOUS = 0.98;

/** What is odd about a label that can be learnt. */
export function labelFindings({ target, scan, rows, leaks, measure }: {
  readonly target: Target;
  readonly scan: TargetScan;
  readonly rows: number;
  readonly leaks: readonly Predictiveness[];
  /** What a leak's score is called. */
  readonly measure: string;
}): LabelFacts {
  const { label } = target;
  const labelled = rows - scan.missing;
  const findings = [
    ...warning(
      "data.label-null",
      label,
      `the label ${label} is missing in some rows: they are left out`,
      scan.missing,
    ),
    ...warning(
      "data.few-rows",
      label,
      `${labelled} rows have a label: fewer than ${FEW_LABELLED} say little`,
      labelled < FEW_LABELLED ? labelled : 0,
    ),
    ...leaks.filter(({ score }) => score > SUSPICIOUS).flatMap(({ column, score }) =>
      warning(
        "data.label-leakage",
        column,
        `${column} alone predicts ${label} suspiciously well (${measure} ${score.toFixed(3)}): ` +
          `make sure that it is known before ${label} is, or drop it`,
        rows,
      )
    ),
  ];
  if (target.objective === "regression") return { findings, classes: [], leaks };
  const classes = target.classes.map((value) => ({ value, rows: scan.counts.get(value) ?? 0 }));
  const rare = classes.filter(({ rows }) => rows < FEW_ROWS || rows * 100 < labelled);
  const listed = rare.slice(0, LISTED_CLASSES).map(({ value, rows }) => `${value} (${rows})`);
  const more = rare.length > LISTED_CLASSES ? ", …" : "";
  findings.push(...warning(
    "data.class-rare",
    label,
    `${rare.length} of ${classes.length} classes of ${label} have few rows: ` +
      `${listed.join(", ")}${more}`,
    rare.reduce((total, { rows }) => total + rows, 0),
  ));
  return { findings, classes, leaks };
}
