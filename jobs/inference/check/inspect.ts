/**
 * Looks at a day's data before it is scored.
 *
 * @module
 */

import {
  about,
  checkConstraints,
  type Constraints,
  type Dataset,
  DatasetProfile,
  driftOf,
  type Feature,
  type FeatureDrift,
  type FeatureSchema,
  hashValues,
  judged,
  matchColumns,
  type Repeated,
  Repeats,
  RowRules,
  RuleTally,
  type Statistics,
  statisticsOf,
  type Violation,
  type ViolationPolicy,
} from "../../lib/dataset/mod.ts";
import { DataError } from "../../lib/errors.ts";
import type { Baseline } from "./expectations.ts";

/** What the data is compared with; a model of another tool has no baseline. */
export interface Expectations extends Baseline {
  readonly schema: FeatureSchema;
  /** Column of the message keys, if there is one. */
  readonly key: string | undefined;
  /** What a broken constraint is. */
  readonly onViolation: ViolationPolicy;
  /** What drift is. */
  readonly onDrift: "fail" | "warn";
  /** Stability index above which a feature has drifted. */
  readonly driftThreshold: number;
}

/** What was found. */
export interface Inspection {
  /** Of the columns that the model takes; empty where they are not all there. */
  readonly statistics: Statistics;
  /** With one of severity `error` the day must not be scored. */
  readonly violations: readonly Violation[];
  /** Every feature, the one that moved most first; none without a baseline. */
  readonly drift: readonly FeatureDrift[];
}

/** Reads the columns that the model takes, once, in bounded memory, and says all that is wrong. */
export async function inspect(dataset: Dataset, expected: Expectations): Promise<Inspection> {
  const { schema, key, statistics: baseline } = expected;
  const nothing: Statistics = { version: 0, dataset: { item_count: dataset.rows }, features: [] };
  if (dataset.rows === 0) return { statistics: nothing, violations: [], drift: [] };
  let columns: readonly string[];
  try {
    ({ columns } = matchColumns(schema, dataset.fields, key ?? null));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { statistics: nothing, violations: mismatches(dataset, schema, key), drift: [] };
  }
  const constraints = expected.constraints && constraintsOn(expected.constraints, columns);
  const { statistics, tally, repeated } = await look(dataset, columns, { key, constraints });
  const features = withoutKey(statistics, schema, key);
  const empty = emptyFeatures(features);
  const broken = constraints === undefined
    ? []
    : checkConstraints({ statistics: features, tally, repeated }, constraints)
      .filter(({ feature_name }) => empty.every((each) => each.feature_name !== feature_name));
  const thresholds = { stability: expected.driftThreshold, missing: 0.1 };
  const drift = baseline === undefined ? [] : driftOf(baseline, features, thresholds);
  return {
    statistics,
    violations: [
      ...empty,
      ...broken.map((each) => judged(each, expected.onViolation)),
      ...drift.filter(({ drifted }) => drifted).map(({ name, description }) =>
        judged({
          feature_name: name,
          constraint_check_type: "baseline_drift_check",
          description,
          severity: "error",
        }, expected.onDrift)
      ),
      ...keyWarnings(statistics, key, repeated),
    ],
    drift,
  };
}

/** Rules about columns that the model does not take say nothing about a day to score. */
function constraintsOn(constraints: Constraints, columns: readonly string[]): Constraints {
  const features = constraints.features.filter(({ name }) => columns.includes(name));
  return { ...constraints, features };
}

/** One pass over the rows. */
async function look(
  dataset: Dataset,
  columns: readonly string[],
  { key, constraints }: Pick<Expectations, "key" | "constraints">,
): Promise<{
  readonly statistics: Statistics;
  readonly tally: RuleTally;
  readonly repeated: ReadonlyMap<string, Repeated>;
}> {
  const profile = new DatasetProfile();
  const rules = constraints && new RowRules(constraints, columns);
  const tally = new RuleTally(rules?.rules ?? []);
  const unique = constraints?.features.filter(({ unique }) => unique === true) ?? [];
  const repeats = new Map(
    [...unique.map(({ name }) => name), ...key === undefined ? [] : [key]]
      .map((name) => [name, new Repeats()]),
  );
  for await (const batch of dataset.batches({ columns })) {
    profile.add(batch);
    if (rules !== undefined) tally.add(batch.rows, rules.check(batch));
    else tally.rows += batch.rows;
    for (const column of batch.columns) {
      const seen = repeats.get(column.name);
      if (seen !== undefined) {
        const { firsts, seconds } = hashValues(column);
        seen.addAll(firsts, seconds);
      }
    }
  }
  const repeated = new Map([...repeats].map(([name, each]) => [name, each.found]));
  return { statistics: statisticsOf(profile), tally, repeated };
}

function withoutKey(statistics: Statistics, schema: FeatureSchema, key: string | undefined) {
  const isFeature = new Set(schema.features.map(({ name }) => name));
  const features = statistics.features.filter(({ name }) => name !== key || isFeature.has(name));
  return { ...statistics, features };
}

/** A feature without any value is a broken feed, though the model could score it. */
function emptyFeatures({ features }: Statistics): Violation[] {
  return features.filter((feature) => commonOf(feature).num_present === 0).map(({ name }) => ({
    feature_name: name,
    constraint_check_type: "completeness_check",
    description: `${name} is missing in every row`,
    severity: "error",
  }));
}

function keyWarnings(
  { features }: Statistics,
  key: string | undefined,
  repeated: ReadonlyMap<string, Repeated>,
): Violation[] {
  const column = features.find(({ name }) => name === key);
  if (key === undefined || column === undefined) return [];
  const { num_missing: missing } = commonOf(column);
  const twice = repeated.get(key) ?? { count: 0, exact: true };
  const warn = (
    type: Violation["constraint_check_type"],
    description: string,
    count: number,
  ): Violation[] =>
    count === 0 ? [] : [{
      feature_name: key,
      constraint_check_type: type,
      description,
      severity: "warning",
      count,
    }];
  return [
    ...warn("completeness_check", `the key ${key} is missing in ${missing} rows`, missing),
    ...warn(
      "uniqueness_check",
      `the key ${key} repeats that of an earlier row in ${about(twice)} rows`,
      twice.count,
    ),
  ];
}

function commonOf(feature: Statistics["features"][number]) {
  return (feature.numerical_statistics ?? feature.string_statistics)?.common ??
    { num_present: 0, num_missing: 0 };
}

/** Each column on its own, where {@linkcode matchColumns} has refused all of them. */
function mismatches(
  { fields }: Pick<Dataset, "fields">,
  schema: FeatureSchema,
  key: string | undefined,
): Violation[] {
  const present = new Set(fields.map(({ name }) => name));
  const names = [...schema.features.map(({ name }) => name), ...(key === undefined ? [] : [key])];
  const missing = names.filter((name) => !present.has(name)).map((name): Violation => ({
    feature_name: name,
    constraint_check_type: "missing_column_check",
    description: `there is no column ${name}`,
    severity: "error",
  }));
  const wrong = schema.features.filter(({ name }) => present.has(name)).flatMap((feature) =>
    typeViolation(fields, schema, feature)
  );
  return [...missing, ...wrong];
}

function typeViolation(
  fields: Dataset["fields"],
  schema: FeatureSchema,
  feature: Feature,
): Violation[] {
  try {
    const own = fields.filter(({ name }) => name === feature.name);
    matchColumns({ ...schema, features: [feature] }, own, null);
    return [];
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const type = fields.find(({ name }) => name === feature.name)?.type;
    return [{
      feature_name: feature.name,
      constraint_check_type: "data_type_check",
      description: `${feature.name} is ${type}, and the model takes ${feature.type}`,
      severity: "error",
    }];
  }
}
