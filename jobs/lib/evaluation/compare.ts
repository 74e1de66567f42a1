/**
 * Whether one model is better than another on the same rows, and how sure that is.
 *
 * @module
 */

import { randomFrom } from "./random.ts";
import {
  type ComparableMetric,
  greaterIsBetter,
  type WeightedMetric,
  weightedMetric,
} from "./weighted.ts";

/** Two models by one metric; a part of `evaluation.json`. */
export interface Comparison {
  /** What they are compared by. */
  readonly metric: ComparableMetric;
  /** The metric of the new model. */
  readonly ours: number;
  /** The metric of the other one. */
  readonly theirs: number;
  /** How much better the new model is, in units of the metric; negative where it is worse. */
  readonly gain: number;
  /** Bounds of the gain's interval; null where too few samples have a value. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Part of all samples whose interval holds the gain. */
  readonly confidence: number;
}

/** How to compare. */
export interface ComparisonOptions {
  /** Between 0 and 1; 0.95 unless told. */
  readonly confidence?: number;
  /** Decides the samples; the same on every machine. */
  readonly seed?: number;
}

/** More rows than these do not make the interval's relative width any surer. */
const MOST_ROWS = 50_000;
const MOST_SAMPLES = 1000;
const FEWEST_SAMPLES = 100;
/** Rows that are counted in all samples together: some tenths of a second. */
const MOST_WORK = 3e7;

/**
 * Compares two models on the rows that both have predicted. The interval is that of the paired
 * bootstrap: rows are drawn with replacement, both models are measured on the same draw, and the
 * percentiles of the difference bound it (Efron and Tibshirani, 1993, chapter 13). Of more than
 * 50,000 rows a random part is drawn from, and the interval is narrowed by the root of that part
 * (Bickel, Götze and van Zwet, 1997).
 *
 * @param labels class index of each row, or for regression its value
 * @param ours predictions of the new model, one array a class, or one
 * @param theirs those of the other
 */
export function compareModels(
  metric: ComparableMetric,
  labels: ArrayLike<number>,
  ours: readonly Float32Array[],
  theirs: readonly Float32Array[],
  { confidence = 0.95, seed = 42 }: ComparisonOptions = {},
): Comparison {
  const rows = labels.length;
  const once = new Uint16Array(rows).fill(1);
  const [a, b] = [weightedMetric(metric, labels, ours), weightedMetric(metric, labels, theirs)];
  const sign = greaterIsBetter(metric) ? 1 : -1;
  const gainOf = (counts: Uint16Array, x: WeightedMetric, y: WeightedMetric) =>
    sign * (x(counts) - y(counts));
  const result = { metric, ours: a(once), theirs: b(once), gain: gainOf(once, a, b), confidence };
  const random = randomFrom(seed);
  const part = rows <= MOST_ROWS ? undefined : someRows(rows, MOST_ROWS, random);
  const prepare = (outputs: readonly Float32Array[], chosen: Uint32Array) =>
    weightedMetric(
      metric,
      Float64Array.from(chosen, (row) => labels[row] ?? 0),
      outputs.map((each) => pick(each, chosen)),
    );
  const [x, y, size] = part === undefined
    ? [a, b, rows]
    : [prepare(ours, part), prepare(theirs, part), part.length];
  const centre = part === undefined ? result.gain : gainOf(new Uint16Array(size).fill(1), x, y);
  const work = size * Math.max(2, ours.length) * 2;
  const samples = Math.max(FEWEST_SAMPLES, Math.min(MOST_SAMPLES, Math.floor(MOST_WORK / work)));
  const deviations: number[] = [];
  const counts = new Uint16Array(size);
  for (let sample = 0; sample < samples; sample++) {
    draw(counts, random);
    const deviation = gainOf(counts, x, y) - centre;
    if (!Number.isNaN(deviation)) deviations.push(deviation * Math.sqrt(size / rows));
  }
  if (deviations.length < samples / 2) return { ...result, interval: null };
  deviations.sort((p, q) => p - q);
  const at = (share: number) =>
    result.gain + (deviations[Math.round(share * (deviations.length - 1))] ?? 0);
  return { ...result, interval: [at((1 - confidence) / 2), at((1 + confidence) / 2)] };
}

/** Counts how often each row is drawn in as many draws as there are rows. */
function draw(counts: Uint16Array, random: () => number): void {
  counts.fill(0);
  const scale = counts.length / 2 ** 32;
  for (let drawn = 0; drawn < counts.length; drawn++) {
    const row = Math.floor(random() * scale);
    counts[row] = (counts[row] as number) + 1;
  }
}

/** So many different rows of all, ascending (Knuth, volume 2, algorithm 3.4.2 S). */
function someRows(rows: number, wanted: number, random: () => number): Uint32Array {
  const chosen = new Uint32Array(wanted);
  for (let row = 0, found = 0; found < wanted; row++) {
    if (random() / 2 ** 32 * (rows - row) < wanted - found) chosen[found++] = row;
  }
  return chosen;
}

function pick(values: Float32Array, rows: Uint32Array): Float32Array {
  return Float32Array.from(rows, (row) => values[row] ?? 0);
}
