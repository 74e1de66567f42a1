/**
 * The bootstrap: which rows a tree is grown on, and how often each counts.
 *
 * @module
 */

import { deriveSeed } from "./random.ts";

/**
 * P(X ≤ k) · 2³² for X ~ Poisson(1), k = 0 … 12. Literals, because the last digit of `Math.exp` is
 * left to the implementation.
 */
const POISSON = [
  1580030168,
  3160060337,
  3950075421,
  4213413783,
  4279248373,
  4292415291,
  4294609777,
  4294923276,
  4294962463,
  4294966817,
  4294967252,
  4294967291,
  4294967295,
];

/** The rows of one tree. */
export interface Sample {
  /** Distinct rows with a positive weight, ascending. */
  readonly rows: Int32Array;
  /** Weight of **every** row: how often it was drawn, times its own weight. */
  readonly weights: Float64Array;
}

/**
 * Draws the rows of a tree. Every row is drawn Poisson(1) times, independently: what a bootstrap of
 * n out of n rows tends to, but each row's draw needs nothing but its number. A draw without any row,
 * likely only for a handful of them, is replaced by all rows once.
 *
 * @param seed The tree's.
 * @param own The rows' own weights; 1 each unless given.
 */
export function drawSample(rows: number, seed: number, own?: Float64Array): Sample {
  const weights = new Float64Array(rows);
  const picked = new Int32Array(rows);
  let size = pick(picked, weights, own, (row) => poisson(deriveSeed(seed, row)));
  if (size === 0) size = pick(picked, weights, own, () => 1);
  return { rows: picked.subarray(0, size), weights };
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

function poisson(bits: number): number {
  let k = 0;
  while (k < POISSON.length && bits >= (POISSON[k] as number)) k++;
  return k;
}
