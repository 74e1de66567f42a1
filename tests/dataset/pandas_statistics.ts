/**
 * A profile beside what pandas says of the same columns.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  openDataset,
  profileOf,
  quantiles,
  type Statistics,
  statisticsOf,
} from "../../jobs/lib/dataset/mod.ts";
import { sketchOf } from "../../jobs/lib/dataset/profile/mod.ts";

/** What `pandas_statistics.py` writes of a column. */
interface Answer {
  readonly present: number;
  readonly missing: number;
  readonly distinct: number;
  readonly mean?: number;
  readonly deviation?: number;
  readonly min?: number;
  readonly max?: number;
  /** Share, and between which values the quantile may be. */
  readonly quantiles?: readonly (readonly [share: number, low: number, high: number])[];
  readonly lengths?: readonly [min: number, max: number, mean: number];
  readonly top?: Readonly<Record<string, number>>;
}

/** The standard error of the sketch of distinct values, which is exact for a few of them. */
export const DISTINCT_ERROR = 1.04 / 64;
const EXACT = 1_000;
/** Strings that are counted exactly; beyond, a count may be too low by that share of the rows. */
const COUNTED = 4_096;

/**
 * Asserts that the profile of a folder's data is pandas', within the errors that are stated; of distinct
 * values five standard errors, since there are many columns and seeds.
 *
 * @returns the relative errors of distinct values
 */
export async function assertAsPandas(folder: string): Promise<number[]> {
  const answers: Record<string, Answer> = JSON.parse(
    await Deno.readTextFile(`${folder}/statistics.json`),
  );
  const dataset = await openDataset(`${folder}/data.parquet`);
  const statistics = statisticsOf(await profileOf(dataset.batches()));
  assert.deepEqual(statistics.features.map(({ name }) => name), Object.keys(answers));
  const errors: number[] = [];
  for (const feature of statistics.features) {
    const { name } = feature;
    const answer = answers[name];
    assert.ok(answer !== undefined);
    const { numerical_statistics: numbers, string_statistics: strings } = feature;
    const { common } = numbers ?? strings ?? assert.fail(name);
    assert.deepEqual([common.num_present, common.num_missing], [answer.present, answer.missing]);
    const distinct = numbers?.approximate_num_distinct_values ?? strings?.distinct_count ?? NaN;
    near(distinct, answer.distinct, 5 * DISTINCT_ERROR * answer.distinct, `${name}: distinct`);
    if (answer.distinct > EXACT) errors.push(distinct / answer.distinct - 1);
    assertNumbers(feature, answer);
    if (strings !== undefined) assertStrings(strings, answer, name);
  }
  return errors;
}

type Feature = Statistics["features"][number];

function assertNumbers(feature: Feature, answer: Answer): void {
  const { name, numerical_statistics: numbers } = feature;
  if (numbers === undefined) return;
  const { mean = NaN, deviation = NaN, min, max } = answer;
  const scale = Math.abs(mean) + deviation;
  near(numbers.mean, mean, 1e-12 * scale, `${name}: mean`);
  near(numbers.std_dev, deviation, 1e-9 * scale, `${name}: deviation`);
  assert.deepEqual([numbers.min, numbers.max], [min, max], name);
  const sketch = sketchOf(feature);
  for (const [share, low, high] of answer.quantiles ?? []) {
    const [value = NaN] = quantiles(sketch, [share]);
    assert.ok(
      low <= value && value <= high,
      `${name}: ${share} is ${value}, not ${low} to ${high}`,
    );
  }
}

function assertStrings(
  { lengths, distribution }: NonNullable<Feature["string_statistics"]>,
  answer: Answer,
  name: string,
): void {
  const [min, max, mean = NaN] = answer.lengths ?? [];
  assert.deepEqual([lengths?.min, lengths?.max], [min, max], name);
  near(lengths?.mean, mean, 1e-9 * mean, `${name}: length`);
  const error = answer.distinct <= COUNTED ? 0 : (answer.present + answer.missing) / COUNTED;
  const found = new Map(distribution.categorical.buckets.map(({ value, count }) => [value, count]));
  for (const [value, count] of Object.entries(answer.top ?? {})) {
    if (count <= error) continue;
    const ours = found.get(value) ?? NaN;
    assert.ok(
      ours <= count && ours >= count - error,
      `${name}: ${value} ${ours} times, not ${count}`,
    );
  }
}

function near(ours: number | null | undefined, theirs: number, within: number, what: string): void {
  assert.ok(Math.abs((ours ?? NaN) - theirs) <= within, `${what} is ${ours}, not ${theirs}`);
}
