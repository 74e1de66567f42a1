import type { FeatureStatistics, Statistics } from "../profile/mod.ts";
import type { Constraints, FeatureConstraints } from "./constraints.ts";

/** Model Monitor's six kinds of check, and ours of values. */
export type CheckType =
  | "data_type_check"
  | "completeness_check"
  | "baseline_drift_check"
  | "missing_column_check"
  | "extra_column_check"
  | "categorical_values_check"
  | "value_range_check"
  | "pattern_check"
  | "uniqueness_check"
  | "row_count_check";

/** One entry of `constraint_violations.json`, with its severity. */
export interface Violation {
  /** Column; empty for the dataset. */
  readonly feature_name: string;
  /** Which rule. */
  readonly constraint_check_type: CheckType;
  /** For people, with what was found. */
  readonly description: string;
  /** A warning never stops a run. */
  readonly severity: "error" | "warning";
}

/** Values that a description names. */
const EXAMPLES = 3;

/** Everything in which data breaks its constraints, dataset first, then by column. */
export function checkConstraints(statistics: Statistics, constraints: Constraints): Violation[] {
  if (constraints.monitoring_config?.evaluate_constraints === "Disabled") return [];
  const rows = statistics.dataset.item_count;
  const found = new Map(statistics.features.map((feature) => [feature.name, feature]));
  const known = new Set(constraints.features.map(({ name }) => name));
  const violations: Violation[] = [];
  const { minimum_rows: least } = constraints;
  if (least !== undefined && rows < least) {
    violations.push(
      violation("", "row_count_check", `${rows} rows, at least ${least} are expected`),
    );
  }
  for (const rules of constraints.features) {
    const feature = found.get(rules.name);
    if (feature !== undefined) violations.push(...checkFeature(feature, rules, constraints));
    else {
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

function checkFeature(
  feature: FeatureStatistics,
  rules: FeatureConstraints,
  constraints: Constraints,
): Violation[] {
  const { name, kind } = rules;
  if (kind !== undefined && feature.kind !== undefined && kind !== feature.kind) {
    const description = `${name} is ${feature.kind}, and was ${kind}`;
    return [violation(name, "data_type_check", description)];
  }
  return [
    ...checkCompleteness(feature, rules),
    ...checkNumbers(feature, rules),
    ...checkStrings(feature, rules, constraints),
    ...checkUnique(feature, rules),
  ];
}

function checkCompleteness(
  feature: FeatureStatistics,
  { name, completeness }: FeatureConstraints,
): Violation[] {
  const { num_present: present, num_missing: missing } = commonOf(feature);
  const rows = present + missing;
  if (completeness === undefined || rows === 0 || present / rows >= completeness) return [];
  const least = percent(completeness);
  const description = `${name} has a value in ${percent(present / rows)} of the rows, ` +
    `at least ${least} are expected`;
  return [violation(name, "completeness_check", description)];
}

function checkNumbers(
  { numerical_statistics: numbers }: FeatureStatistics,
  { name, num_constraints: rules }: FeatureConstraints,
): Violation[] {
  if (numbers === undefined || rules === undefined) return [];
  const { min, max } = numbers;
  const least = rules.minimum ?? (rules.is_non_negative === true ? 0 : undefined);
  const violations: Violation[] = [];
  if (least !== undefined && min !== null && min < least) {
    violations.push(violation(name, "value_range_check", `${name} has ${min}, below ${least}`));
  }
  if (rules.maximum !== undefined && max !== null && max > rules.maximum) {
    const description = `${name} has ${max}, above ${rules.maximum}`;
    violations.push(violation(name, "value_range_check", description));
  }
  return violations;
}

function checkStrings(
  { string_statistics: strings }: FeatureStatistics,
  { name, string_constraints: rules }: FeatureConstraints,
  { monitoring_config: config }: Constraints,
): Violation[] {
  if (strings === undefined || rules === undefined) return [];
  const buckets = strings.distribution.categorical.buckets;
  const share = (matches: (value: string) => boolean) => {
    const wrong = buckets.filter(({ value }) => !matches(value));
    const count = wrong.reduce((sum, bucket) => sum + bucket.count, 0);
    const examples = wrong.slice(0, EXAMPLES).map(({ value }) => `'${value}'`).join(", ");
    return { count, examples, good: 1 - count / Math.max(1, strings.common.num_present) };
  };
  const violations: Violation[] = [];
  if (rules.domains !== undefined) {
    const domain = new Set(rules.domains);
    const { count, examples, good } = share((value) => domain.has(value));
    if (good < (config?.domain_content_threshold ?? 1)) {
      const description =
        `${name} has values that training has not seen in ${count} rows: ${examples}`;
      violations.push(violation(name, "categorical_values_check", description));
    }
  }
  if (rules.pattern !== undefined) {
    const pattern = new RegExp(`^(?:${rules.pattern})$`, "u");
    const { count, examples } = share((value) => pattern.test(value));
    if (count > 0) {
      const description = `${name} does not match ${rules.pattern} in ${count} rows: ${examples}`;
      violations.push(violation(name, "pattern_check", description));
    }
  }
  return violations;
}

/** By the estimate of the distinct values: a few repeated ones in many rows are within its error. */
function checkUnique(
  feature: FeatureStatistics,
  { name, unique }: FeatureConstraints,
): Violation[] {
  if (unique !== true) return [];
  const { num_present: present } = commonOf(feature);
  const distinct = feature.string_statistics?.distinct_count ??
    feature.numerical_statistics?.approximate_num_distinct_values ?? present;
  if (distinct >= present * 0.95) return [];
  const description = `${name} has about ${distinct} different values in ${present} rows`;
  return [violation(name, "uniqueness_check", description)];
}

function commonOf(feature: FeatureStatistics): { num_present: number; num_missing: number } {
  return (feature.numerical_statistics ?? feature.string_statistics)?.common ??
    { num_present: 0, num_missing: 0 };
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
