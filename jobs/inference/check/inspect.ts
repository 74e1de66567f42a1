/**
 * Looks at a day's data before it is scored.
 *
 * @module
 */

import {
  about,
  type Batch,
  type Dataset,
  type Feature,
  type FeatureSchema,
  hashValues,
  matchColumns,
  type Repeated,
  Repeats,
  take,
  type Violation,
} from "../../lib/dataset/mod.ts";
import { DataError } from "../../lib/errors.ts";
import type { Scorer } from "../scorer.ts";
import {
  type Baseline,
  type Findings,
  findingsOf,
  type Policy,
  type Survey,
  SurveyPlan,
} from "../survey/mod.ts";

/** What the data is compared with; a model of another tool has no baseline. */
export interface Expectations extends Policy {
  readonly baseline: Baseline;
  readonly schema: FeatureSchema;
  /** Column of the message keys, if there is one. */
  readonly key: string | undefined;
  /** The model; without it nothing is predicted. */
  readonly scorer?: Pick<Scorer, "score">;
}

/** Reads the columns that the model takes, once, in bounded memory, and says all that is wrong. */
export async function inspect(dataset: Dataset, expected: Expectations): Promise<Findings> {
  const { schema, key, baseline } = expected;
  const nothing: Findings = {
    statistics: { version: 0, dataset: { item_count: dataset.rows }, features: [] },
    violations: [],
    drift: [],
    predictions: [],
  };
  if (dataset.rows === 0) return nothing;
  try {
    matchColumns(schema, dataset.fields, key ?? null);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { ...nothing, violations: mismatches(dataset, schema, key) };
  }
  const features = schema.features.map(({ name }) => name);
  const { survey, repeated, keys } = await look(dataset, features, expected);
  const found = findingsOf(survey, baseline, features, expected, { repeated });
  return { ...found, violations: [...found.violations, ...keyWarnings(key, keys)] };
}

/** Rows without a key, and those that repeat that of an earlier one. */
interface KeyFacts {
  readonly missing: number;
  readonly repeated: Repeated;
}

/** One pass over the rows. */
async function look(
  dataset: Dataset,
  features: readonly string[],
  { baseline, schema, key, scorer }: Expectations,
): Promise<{
  readonly survey: Survey;
  readonly repeated: ReadonlyMap<string, Repeated>;
  readonly keys: KeyFacts;
}> {
  const plan = new SurveyPlan(baseline, schema.target, features, dataset.rows);
  const survey = plan.begin();
  const unique = baseline.constraints?.features.filter(({ unique }) => unique === true) ?? [];
  const repeats = new Map(unique.map(({ name }) => [name, new Repeats()]));
  const keys = new Repeats();
  let first = 0, named = 0;
  const columns = [...new Set([...features, ...key === undefined ? [] : [key]])];
  for await (const batch of dataset.batches({ columns })) {
    const own = { ...batch, columns: batch.columns.filter(({ name }) => features.includes(name)) };
    const broken = plan.rules?.check(own);
    survey.judged(batch.rows, broken);
    survey.features.add(own);
    await predictSome(own, plan.sample(first, batch.rows), broken?.rejected);
    for (const column of batch.columns) {
      const seen = repeats.get(column.name);
      if (seen === undefined && column.name !== key) continue;
      const { firsts, seconds } = hashValues(column);
      seen?.addAll(firsts, seconds);
      if (column.name !== key) continue;
      keys.addAll(firsts, seconds);
      named += firsts.length;
    }
    first += batch.rows;
  }
  const repeated = new Map([...repeats].map(([name, each]) => [name, each.found]));
  return { survey, repeated, keys: { missing: first - named, repeated: keys.found } };

  async function predictSome(
    batch: Batch,
    rows: Uint32Array,
    rejected: ReadonlyMap<number, string> | undefined,
  ): Promise<void> {
    if (scorer === undefined || baseline.predictions === undefined || rows.length === 0) return;
    const outputs = await scorer.score(rows.length === batch.rows ? batch : take(batch, rows));
    survey.predicted(rows.length, outputs, (index) => rejected?.has(rows[index] ?? 0) === true);
  }
}

function keyWarnings(key: string | undefined, { missing, repeated }: KeyFacts): Violation[] {
  if (key === undefined) return [];
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
      `the key ${key} repeats that of an earlier row in ${about(repeated)} rows`,
      repeated.count,
    ),
  ];
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
