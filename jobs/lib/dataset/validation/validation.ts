/**
 * Looks at data before anything is trained on it, batch by batch, in memory that does not grow with the
 * rows, and says everything it found at once.
 *
 * @module
 */
import { columnMissing } from "../closest.ts";
import type { Batch, Column, Field } from "../column.ts";
import {
  checkConstraints,
  type Constraints,
  type FeatureConstraints,
  RowRules,
  RuleTally,
  type Violation,
} from "../constraints/mod.ts";
import { type Objective, TargetScan } from "../features/mod.ts";
import { DatasetProfile, statisticsOf } from "../profile/mod.ts";
import { columnFindings, columnReport, inexactIntegers } from "./columns.ts";
import { type DataReport, type Finding, findingOf, refused, warning } from "./finding.ts";
import { type LabelFacts, labelFindings } from "./label.ts";
import { type Predictiveness, predictiveness } from "./leakage.ts";
import { OrderCheck } from "./order.ts";
import { hashRows, hashValues, Repeats } from "./repeats.ts";
import { RowSample } from "./sample.ts";

/** What is known about the columns, and asked of them. */
export interface ValidationOptions {
  /** Column to predict, if the data has one. */
  readonly label?: string;
  /** Classification unless told. */
  readonly objective?: Objective;
  /** Column that names a row. */
  readonly key?: string;
  /** Column that orders the rows in time. */
  readonly time?: string;
  /** What the data has to look like. */
  readonly constraints?: Constraints;
  /** What a broken constraint is: see `training validate --on-violation`. Fails unless told. */
  readonly onViolation?: ViolationPolicy;
}

/** What a broken constraint does. With `quarantine` rows are put aside where that mends it. */
export type ViolationPolicy = "fail" | "warn" | "quarantine";

/** Rows that are looked at for leakage. */
const LEAKAGE_ROWS = 20_000;

/** See the module; grows by batches. */
export class Validation {
  /** Of all columns. */
  readonly profile = new DatasetProfile();
  readonly #options: ValidationOptions;
  readonly #fields: readonly Pick<Field, "name" | "kind" | "type">[];
  readonly #rules: RowRules | undefined;
  readonly #tally: RuleTally;
  readonly #inexact = new Map<string, number>();
  readonly #repeated = new Map<string, Repeats>();
  readonly #duplicates = new Repeats();
  readonly #order: OrderCheck;
  readonly #sample: RowSample;
  readonly #target: TargetScan | undefined;

  /** Begins with no rows. @param rows that are going to come */
  constructor(
    fields: readonly Pick<Field, "name" | "kind" | "type">[],
    rows: number,
    options: ValidationOptions,
  ) {
    const { label, objective = "classification", key, time, constraints } = options;
    this.#options = options;
    this.#fields = fields;
    this.#rules = constraints && new RowRules(constraints);
    this.#tally = new RuleTally(this.#rules?.rules ?? []);
    const named = (rule: (feature: FeatureConstraints) => boolean | undefined) =>
      constraints?.features.filter((each) => rule(each) === true).map(({ name }) => name) ?? [];
    for (const name of [...named(({ unique }) => unique), ...key === undefined ? [] : [key]]) {
      this.#repeated.set(name, new Repeats());
    }
    this.#order = new OrderCheck([
      ...named(({ ordered }) => ordered),
      ...time === undefined ? [] : [time],
    ]);
    this.#sample = new RowSample(rows, label === undefined ? 0 : LEAKAGE_ROWS);
    const field = fields.find(({ name }) => name === label);
    this.#target = field && new TargetScan(field, objective);
  }

  /**
   * Takes the rows of a batch.
   *
   * @returns the rows of it that break a rule by themselves, with the reasons
   */
  add(batch: Batch): ReadonlyMap<number, string> {
    this.profile.add(batch);
    for (const column of batch.columns) this.#addColumn(column);
    const rows = hashRows(batch);
    this.#duplicates.addAll(rows.firsts, rows.seconds);
    this.#order.add(batch);
    if (this.#target !== undefined) this.#sample.add(batch);
    const broken = this.#rules?.check(batch);
    if (broken !== undefined) this.#tally.add(batch.rows, broken);
    return broken?.rejected ?? new Map();
  }

  /** Rows that break a rule by themselves. */
  get rejected(): number {
    return this.#tally.rejected;
  }

  /** Everything that was found. */
  report(): DataReport {
    const { label, key, time } = this.#options;
    const { rows } = this.profile;
    const names = this.#fields.map(({ name }) => name);
    const columns = [...this.profile.columns.values()];
    const labelled = this.#label(names);
    return {
      rows,
      columns: columns.map(columnReport),
      findings: [
        ...labelled.findings,
        ...columns.filter(({ name }) => name !== label && name !== key).flatMap((profile) =>
          columnFindings(profile, rows, this.#inexact.get(profile.name) ?? 0)
        ),
        ...this.#keyFindings(names),
        ...this.#rowFindings(time),
        ...this.#violations(labelled).map(findingOf),
      ],
      classes: labelled.classes,
    };
  }

  #addColumn(column: Column): void {
    const { name } = column;
    const inexact = inexactIntegers(column, this.profile.columns.get(name));
    if (inexact > 0) this.#inexact.set(name, (this.#inexact.get(name) ?? 0) + inexact);
    const repeats = this.#repeated.get(name);
    if (repeats !== undefined) {
      const { firsts, seconds } = hashValues(column);
      repeats.addAll(firsts, seconds);
    }
    if (name === this.#options.label) this.#target?.add(column);
  }

  #label(names: readonly string[]): LabelFacts {
    const { label, objective } = this.#options;
    if (label === undefined) return { findings: [], classes: [], leaks: [] };
    const target = this.#target?.target();
    if (this.#target === undefined || target === undefined) {
      const absent = columnMissing("data.label-missing", "label", label, names);
      const findings = [refused(absent, label, this.profile.rows)];
      return { findings, classes: [], leaks: [] };
    }
    if ("code" in target) {
      return { findings: [refused(target, label, this.profile.rows)], classes: [], leaks: [] };
    }
    const features = names.filter((name) => name !== label && name !== this.#options.key);
    const leaks: Predictiveness[] = predictiveness(this.#sample.table(), target, features);
    return labelFindings({
      target,
      scan: this.#target,
      rows: this.profile.rows,
      leaks,
      measure: objective === "regression" ? "R²" : "area under the ROC curve",
    });
  }

  #keyFindings(names: readonly string[]): Finding[] {
    const { key } = this.#options;
    if (key === undefined) return [];
    if (!names.includes(key)) {
      const absent = columnMissing("data.column-missing", "key", key, names);
      return [refused(absent, key, this.profile.rows)];
    }
    const missing = this.profile.columns.get(key)?.values.missing ?? 0;
    const { count = 0, exact = true } = this.#repeated.get(key)?.found ?? {};
    const estimate = exact ? "" : " (estimated)";
    return [
      ...warning("data.key-null", key, `the key ${key} is missing in some rows`, missing),
      ...warning(
        "data.key-repeated",
        key,
        `the key ${key} repeats that of an earlier row${estimate}`,
        count,
      ),
    ];
  }

  #rowFindings(time: string | undefined): Finding[] {
    const { count, exact } = this.#duplicates.found;
    const estimate = exact ? "" : " (estimated)";
    const back = time === undefined ? 0 : this.#order.found.get(time) ?? 0;
    return [
      ...warning(
        "data.duplicate-rows",
        undefined,
        `rows equal an earlier row in every column${estimate}`,
        count,
      ),
      ...warning("data.time-disordered", time, `${time} goes back from one row to the next`, back),
    ];
  }

  #violations({ classes, leaks }: LabelFacts): Violation[] {
    const { constraints, onViolation = "fail", label } = this.#options;
    if (constraints === undefined || label === undefined && this.profile.rows === 0) return [];
    const repeated = new Map([...this.#repeated].map(([name, each]) => [name, each.found]));
    const found = [
      ...checkConstraints({
        statistics: statisticsOf(this.profile),
        tally: this.#tally,
        repeated,
        disordered: this.#order.found,
        duplicates: this.#duplicates.found,
      }, constraints).filter(({ constraint_check_type }) =>
        // Training data is where columns come from.
        constraint_check_type !== "extra_column_check"
      ),
      ...labelViolations(constraints, label, classes, leaks),
    ];
    return found.map((violation) => judged(violation, onViolation));
  }
}

/** Validates a table in memory. Nothing is thrown for bad data: see `requireUsable`. */
export function validateTable(table: Batch, options: ValidationOptions = {}): DataReport {
  const validation = new Validation(table.columns, table.rows, options);
  validation.add(table);
  return validation.report();
}

/** What a violation is under a policy; rows that are put aside are told, and hurt no longer. */
export function judged(violation: Violation, policy: ViolationPolicy): Violation {
  const mended = policy === "warn" || policy === "quarantine" && violation.by_row === true;
  return mended ? { ...violation, severity: "warning" } : violation;
}

function labelViolations(
  { minimum_class_share: least, maximum_leakage: most }: Constraints,
  label = "",
  classes: DataReport["classes"],
  leaks: readonly Predictiveness[],
): Violation[] {
  const total = classes.reduce((sum, { rows }) => sum + rows, 0);
  const rare = classes.filter(({ rows }) => rows < (least ?? 0) * total);
  const severity = "error";
  return [
    ...rare.map(({ value, rows }): Violation => ({
      feature_name: label,
      constraint_check_type: "class_balance_check",
      description: `${rows} of ${total} rows have the class ${value}, less than ${least}`,
      severity,
      count: rows,
    })),
    ...leaks.filter(({ score }) => most !== undefined && score > most).map((
      { column, score },
    ): Violation => ({
      feature_name: column,
      constraint_check_type: "label_leakage_check",
      description: `${column} alone predicts ${label} with ${score.toFixed(3)}, above ${most}`,
      severity,
    })),
  ];
}
