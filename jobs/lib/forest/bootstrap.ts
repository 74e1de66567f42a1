/**
 * The bootstrap: which rows a tree is grown on, and how often each counts.
 *
 * @module
 */

import { deriveSeed } from "./random.ts";

/** Of a Poisson distribution's probabilities so many are told apart; the rest is below 2⁻³². */
const MOST_DRAWS = 13;

/** The rows of one tree. */
export interface Sample {
  /** Distinct rows with a positive weight, ascending. */
  readonly rows: Int32Array;
  /** Weight of **every** row: how often it was drawn, times its own weight. */
  readonly weights: Float64Array;
}

/**
 * Draws the rows of a tree. Every row is drawn Poisson(m) times, independently: what a bootstrap of
 * m·n out of n rows tends to, but each row's draw needs nothing but its number. A draw without any
 * row, likely only for a handful of them, is replaced by all rows once.
 *
 * @param seed The tree's.
 * @param own The rows' own weights; 1 each unless given.
 * @param limits From {@linkcode poissonLimits}; how often a row is drawn on average, 1 unless given.
 */
export function drawSample(
  rows: number,
  seed: number,
  own?: Float64Array,
  limits: Uint32Array = poissonLimits(1),
): Sample {
  const weights = new Float64Array(rows);
  const picked = new Int32Array(rows);
  let size = pick(picked, weights, own, (row) => timesOf(deriveSeed(seed, row), limits));
  if (size === 0) size = pick(picked, weights, own, () => 1);
  return { rows: picked.subarray(0, size), weights };
}

/**
 * P(X ≤ k) · 2³² for X ~ Poisson(mean), k = 0 … 12, by sums and products alone: the last digit of
 * `Math.exp` is left to the implementation.
 *
 * @param mean from 0 to 1
 */
export function poissonLimits(mean: number): Uint32Array {
  let exponential = 0;
  for (let k = 25; k >= 0; k--) exponential = 1 + exponential * mean / (k + 1);
  let probability = 1 / exponential;
  let sum = 0;
  return Uint32Array.from({ length: MOST_DRAWS }, (_, k) => {
    if (k > 0) probability *= mean / k;
    sum += probability;
    return Math.min(2 ** 32 - 1, Math.floor(sum * 2 ** 32));
  });
}

/**
 * Which rows a tree did not draw: from `start` on, 1 for those.
 *
 * @param seed The tree's.
 */
export function markNotDrawn(
  rows: number,
  seed: number,
  limits: Uint32Array,
  start: number,
  marks: Uint8Array,
): void {
  const none = limits[0] as number;
  for (let i = 0; i < marks.length; i++) {
    marks[i] = deriveSeed(seed, start + i) < none ? 1 : 0;
  }
  // Whoever draws none draws all. Mostly the first rows tell that this is not so.
  let row = 0;
  while (row < rows && deriveSeed(seed, row) < none) row++;
  if (row === rows) marks.fill(0);
}

function pick(
  picked: Int32Array,
  weights: Float64Array,
  own: Float64Array | undefined,
  timesOf: (row: number) => number,
): number {
  let size = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = timesOf(row) * (own === undefined ? 1 : own[row] as number);
    weights[row] = weight;
    if (weight > 0) picked[size++] = row;
  }
  return size;
}

function timesOf(bits: number, limits: Uint32Array): number {
  let k = 0;
  while (k < limits.length && bits >= (limits[k] as number)) k++;
  return k;
}
