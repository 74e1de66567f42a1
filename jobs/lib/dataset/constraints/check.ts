import type { FeatureStatistics, Statistics } from "../profile/mod.ts";
import type { Constraints, FeatureConstraints } from "./constraints.ts";
import type { RowRule } from "./row_rules.ts";
import type { RuleTally } from "./rule_tally.ts";
import type { CheckType, Violation } from "./violation.ts";

/** Rows that repeat an earlier one. */
export interface Repeated {
  /** How many. */
  readonly count: number;
  /** False where there were too many rows to keep, and sketches were asked. */
  readonly exact: boolean;
}

/** What was seen of data, as far as constraints ask. */
export interface Observed {
  /** Of its columns; of a sample of the rows where the tally has seen more. */
  readonly statistics: Statistics;
  /** Of the rules that rows are judged by one by one; has seen all rows. */
  readonly tally: RuleTally;
  /** Of columns whose values were compared with each other. */
  readonly repeated?: ReadonlyMap<string, Repeated>;
  /** Rows of a column that are below the row before, where that was looked at. */
  readonly disordered?: ReadonlyMap<string, number>;
  /** Rows that equal an earlier one in every column, where that was looked at. */
  readonly duplicates?: Repeated;
}

/** Everything in which data breaks its constraints, dataset first, then by column. */
export function checkConstraints(observed: Observed, constraints: Constraints): Violation[] {
  if (constraints.monitoring_config?.evaluate_constraints === "Disabled") return [];
  const { statistics } = observed;
  const found = new Map(statistics.features.map((feature) => [feature.name, feature]));
  const known = new Set(constraints.features.map(({ name }) => name));
  const violations = checkDataset(observed, constraints);
  for (const rules of constraints.features) {
    const feature = found.get(rules.name);
    if (feature !== undefined) {
      violations.push(...checkFeature(feature, rules, observed, constraints));
    } else {
      violations.push(
        violation(rules.name, "missing_column_check", `there is no column ${rules.name}`),
      );
    }
  }
  for (const { name } of statistics.features) {
    if (known.has(name)) continue;
    const description = `${name} was not in the training data; it is not used`;
    violations.push({ ...violation(name, "extra_column_check", description), severity: "warning" });
  }
  return violations;
}

function checkDataset(
  { tally: { rows }, duplicates }: Observed,
  { minimum_rows: least, maximum_duplicate_share: most }: Constraints,
): Violation[] {
  const violations: Violation[] = [];
  if (least !== undefined && rows < least) {
    const description = `${rows} rows, at least ${least} are expected`;
    violations.push({ ...violation("", "row_count_check", description), count: rows });
  }
  if (most !== undefined && duplicates !== undefined && duplicates.count > most * rows) {
    const description = `${about(duplicates)} rows equal an earlier one in every column, ` +
      `at most ${percent(most)} are expected`;
    const count = duplicates.count;
    violations.push({ ...violation("", "duplicate_rows_check", description), count });
  }
  return violations;
}

function checkFeature(
  feature: FeatureStatistics,
  rules: FeatureConstraints,
  observed: Observed,
  constraints: Constraints,
): Violation[] {
  const { name, kind } = rules;
  if (kind !== undefined && feature.kind !== undefined && kind !== feature.kind) {
    const description = `${name} is ${feature.kind}, and was ${kind}`;
    return [violation(name, "data_type_check", description)];
  }
  const { tally } = observed;
  return [
    ...tally.rules.flatMap((rule, i) =>
      rule.column === name ? checkRule(feature, rules, rule, tally, i, constraints) : []
    ),
    ...checkUnique(feature, rules, observed),
    ...checkOrder(rules, observed),
  ];
}

/** What the rows that break a rule amount to. */
function checkRule(
  feature: FeatureStatistics,
  { completeness }: FeatureConstraints,
  rule: RowRule,
  tally: RuleTally,
  index: number,
  { monitoring_config: config }: Constraints,
): Violation[] {
  const { count, examples } = tally.of(index);
  const { column: name, check, asks } = rule;
  if (count === 0) return [];
  const found = (description: string): Violation[] => [{
    ...violation(name, check, description),
    count,
    ...(examples.length === 0 ? {} : { examples }),
    ...(rule.strict ? { by_row: true } : {}),
  }];
  const listed = examples.join(", ");
  if (check === "completeness_check") {
    const present = 1 - count / tally.rows;
    if (completeness === undefined || present >= completeness) return [];
    return found(
      `${name} has a value in ${percent(present)} of the rows, at least ${percent(completeness)} ` +
        "are expected",
    );
  }
  if (check === "categorical_values_check") {
    const good = 1 - count / Math.max(1, tally.rows * presentShare(feature));
    if (good >= (config?.domain_content_threshold ?? 1)) return [];
    return found(`${name} has values that training has not seen in ${count} rows: ${listed}`);
  }
  return found(`${name} has ${listed} in ${count} rows, ${asks}`);
}

/** Estimated, where there were too many rows: a few repeated ones are within the error then. */
function checkUnique(
  feature: FeatureStatistics,
  { name, unique }: FeatureConstraints,
  { repeated }: Observed,
): Violation[] {
  if (unique !== true) return [];
  const found = repeated?.get(name) ?? repeatedBySketch(feature);
  if (found.count === 0) return [];
  const description = `${name} repeats an earlier value in ${about(found)} rows`;
  return [{ ...violation(name, "uniqueness_check", description), count: found.count }];
}

function checkOrder(
  { name, ordered }: FeatureConstraints,
  { disordered }: Observed,
): Violation[] {
  const count = ordered === true ? disordered?.get(name) ?? 0 : 0;
  if (count === 0) return [];
  const description = `${name} is below the row before in ${count} rows`;
  return [{ ...violation(name, "order_check", description), count }];
}

/** Share of repeated values below which the sketch says nothing: three times its own error. */
const UNCERTAIN = 0.05;

/** How many values repeat an earlier one, by the sketch of the distinct ones. */
export function repeatedBySketch(feature: FeatureStatistics): Repeated {
  const { num_present: present } = commonOf(feature);
  const distinct = feature.string_statistics?.distinct_count ??
    feature.numerical_statistics?.approximate_num_distinct_values ?? present;
  return { count: distinct >= present * (1 - UNCERTAIN) ? 0 : present - distinct, exact: false };
}

/** The count, as exact as it is. */
export function about({ count, exact }: Repeated): string {
  return exact ? `${count}` : `about ${count}`;
}

function commonOf(feature: FeatureStatistics): { num_present: number; num_missing: number } {
  return (feature.numerical_statistics ?? feature.string_statistics)?.common ??
    { num_present: 0, num_missing: 0 };
}

function presentShare(feature: FeatureStatistics): number {
  const { num_present: present, num_missing: missing } = commonOf(feature);
  return present + missing === 0 ? 0 : present / (present + missing);
}

function violation(
  feature_name: string,
  constraint_check_type: CheckType,
  description: string,
): Violation {
  return { feature_name, constraint_check_type, description, severity: "error" };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
