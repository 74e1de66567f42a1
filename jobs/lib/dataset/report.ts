/**
 * Looks at a whole table before anything is trained on it, and says everything it found at once.
 *
 * @module
 */
import { type Complaint, DataError } from "../errors.ts";
import { columnMissing } from "./closest.ts";
import type { Batch, Column, ColumnKind } from "./column.ts";
import { inferTarget } from "./infer_target.ts";
import { isoTime, keysOf } from "./keys.ts";
import type { Objective } from "./schema.ts";
import { targetValues } from "./target.ts";
import { isMissing } from "./variety.ts";

/** What one column holds. */
export interface ColumnReport {
  /** As in the data. */
  readonly name: string;
  /** What it is read as. */
  readonly kind: ColumnKind;
  /** The type it has in the file. */
  readonly type: string;
  /** Rows without a value. */
  readonly missing: number;
  /** Different values; not counted for numbers and timestamps. */
  readonly distinct?: number;
  /** Least and greatest: numbers, or times in ISO 8601; null without a value and for other kinds. */
  readonly min: number | string | null;
  /** Like `min`. */
  readonly max: number | string | null;
  /** Of numbers, and the share of true for booleans. */
  readonly mean: number | null;
}

/** One thing to know about the data. */
export interface Finding {
  /** With an error the data cannot be used. */
  readonly severity: "error" | "warning";
  /** Stable: `data.constant`. */
  readonly code: string;
  /** Where it is, if in one column. */
  readonly column?: string;
  /** For people. */
  readonly message: string;
  /** Rows it concerns. */
  readonly count: number;
}

/** See the module's description. */
export interface DataReport {
  /** Rows looked at. */
  readonly rows: number;
  /** In the order of the table. */
  readonly columns: readonly ColumnReport[];
  /** Those about the label first. */
  readonly findings: readonly Finding[];
  /** Rows of each class, in the order of the model's outputs; without a classified label none. */
  readonly classes: readonly { readonly value: boolean | number | string; readonly rows: number }[];
}

/** What is known about the columns. */
export interface ReportOptions {
  /** Column to predict, if the data has one. */
  readonly label?: string;
  /** Classification unless told. */
  readonly objective?: Objective;
  /** Column that names a row. */
  readonly key?: string;
}

/** The largest magnitude up to which float32 has every integer. */
const EXACT_INTEGERS = 2 ** 24;
/** Classes with fewer rows cannot be learnt or measured. */
const FEW_ROWS = 10;
/** Most classes that a message lists. */
const LISTED_CLASSES = 10;

/** Reports on a table. Nothing is thrown for bad data: see {@linkcode requireUsable}. */
export function validateTable(table: Batch, options: ReportOptions = {}): DataReport {
  const columns = table.columns.map(columnReport);
  const { label, key } = options;
  const findings = table.columns.flatMap((column, i) => {
    const report = columns[i];
    return report && column.name !== label && column.name !== key
      ? columnFindings(column, report, table.rows)
      : [];
  });
  if (key !== undefined) findings.push(...keyFindings(table, key));
  const target = label === undefined ? undefined : targetFindings(table, label, options.objective);
  return {
    rows: table.rows,
    columns,
    findings: [...target?.findings ?? [], ...findings],
    classes: target?.classes ?? [],
  };
}

/**
 * Refuses data with errors, naming all of them.
 *
 * @throws {DataError} with the code of the only error, or `data.invalid`
 */
export function requireUsable(report: DataReport): void {
  const errors = report.findings.filter((finding) => finding.severity === "error");
  const [first] = errors;
  if (!first) return;
  throw new DataError({
    code: errors.length === 1 ? first.code : "data.invalid",
    cannot: "use the data",
    found: errors.map((finding) => finding.message).join(" "),
    todo: "Correct the data or name other columns",
    place: first.column === undefined ? {} : { column: first.column },
  });
}

function columnReport(column: Column): ColumnReport {
  const { name, kind, type } = column;
  const values: ArrayLike<number | bigint> = column.kind === "string"
    ? column.codes
    : column.values;
  const seen = new Set<number | bigint>();
  let missing = 0, sum = 0;
  let min: number | bigint | undefined, max: number | bigint | undefined;
  const counted = kind === "string" || kind === "boolean";
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === undefined || isMissing(column, value)) {
      missing++;
      continue;
    }
    if (counted) seen.add(value);
    if (min === undefined || value < min) min = value;
    if (max === undefined || value > max) max = value;
    if (typeof value === "number") sum += value;
  }
  const present = values.length - missing;
  const shown = (value: number | bigint | undefined) =>
    typeof value === "bigint" ? isoTime(value) : kind === "number" ? value ?? null : null;
  return {
    name,
    kind,
    type,
    missing,
    ...(counted ? { distinct: seen.size } : {}),
    min: shown(min),
    max: shown(max),
    mean: present > 0 && (kind === "number" || kind === "boolean") ? sum / present : null,
  };
}

function columnFindings(column: Column, report: ColumnReport, rows: number): Finding[] {
  const { name } = column;
  const warn = (code: string, message: string, count: number): Finding => ({
    severity: "warning",
    code,
    column: name,
    message,
    count,
  });
  if (report.missing === rows) {
    return [warn("data.all-missing", `${name} is missing in every row`, rows)];
  }
  const findings: Finding[] = [];
  if (
    report.missing === 0 &&
    (report.min === null ? report.distinct === 1 : report.min === report.max)
  ) {
    findings.push(warn("data.constant", `${name} is the same in every row`, rows));
  }
  if (column.kind !== "number") return findings;
  let inexact = 0, infinite = 0;
  for (const value of column.values) {
    if (value === Infinity || value === -Infinity) infinite++;
    else if (Math.abs(value) > EXACT_INTEGERS && Number.isInteger(value)) inexact++;
  }
  if (inexact > 0 && /int/.test(column.type)) {
    const message = `${name} has integers beyond 2^24, which the model rounds to float32`;
    findings.push(warn("data.integer-precision", message, inexact));
  }
  if (infinite > 0) {
    findings.push(warn("data.infinite", `${name} has infinite values`, infinite));
  }
  return findings;
}

function keyFindings(table: Batch, key: string): Finding[] {
  const names = table.columns.map((column) => column.name);
  if (!names.includes(key)) {
    return [errorOf(columnMissing("data.column-missing", "key", key, names), key, table.rows)];
  }
  const keys = keysOf(table, key);
  const present = keys.filter((each) => each !== null);
  const missing = keys.length - present.length;
  const repeated = present.length - new Set(present).size;
  const warn = (code: string, message: string, count: number): Finding[] =>
    count === 0 ? [] : [{ severity: "warning", code, column: key, message, count }];
  return [
    ...warn("data.key-null", `the key ${key} is missing in some rows`, missing),
    ...warn("data.key-repeated", `the key ${key} repeats that of an earlier row`, repeated),
  ];
}

function targetFindings(
  table: Batch,
  label: string,
  objective?: Objective,
): Pick<DataReport, "findings" | "classes"> {
  const column = table.columns.find((each) => each.name === label);
  const names = table.columns.map((each) => each.name);
  const target = column
    ? inferTarget(column, objective)
    : columnMissing("data.label-missing", "label", label, names);
  if ("code" in target) return { findings: [errorOf(target, label, table.rows)], classes: [] };
  const { labels, missing } = targetValues(target, table);
  const findings: Finding[] = [];
  const warn = (code: string, message: string, count: number) =>
    findings.push({ severity: "warning", code, column: label, message, count });
  if (missing > 0) {
    warn(
      "data.label-null",
      `the label ${label} is missing in some rows: they are left out`,
      missing,
    );
  }
  if (target.objective === "regression") return { findings, classes: [] };
  const counts = new Float64Array(target.classes.length);
  for (const each of labels) if (each >= 0) counts[each] = (counts[each] ?? 0) + 1;
  const classes = target.classes.map((value, i) => ({ value, rows: counts[i] ?? 0 }));
  const rare = classes.filter(({ rows }) => rows < FEW_ROWS || rows * 100 < table.rows - missing);
  if (rare.length > 0) {
    const listed = rare.slice(0, LISTED_CLASSES).map(({ value, rows }) => `${value} (${rows})`);
    const more = rare.length > LISTED_CLASSES ? ", …" : "";
    warn(
      "data.class-rare",
      `${rare.length} of ${classes.length} classes of ${label} have few rows: ` +
        `${listed.join(", ")}${more}`,
      rare.reduce((total, { rows }) => total + rows, 0),
    );
  }
  return { findings, classes };
}

function errorOf({ code, found, todo }: Complaint, column: string, count: number): Finding {
  return { severity: "error", code, column, message: `${column}: ${found}. ${todo}`, count };
}
