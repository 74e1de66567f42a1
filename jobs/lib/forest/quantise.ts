/**
 * Quantising: each column is cut into at most 255 bins, so that a split is found by counting bins
 * instead of sorting values.
 *
 * @module
 */

import type { Matrix } from "./forest.ts";
import { Random } from "./random.ts";
import { sortFloats } from "./sort.ts";

/** Most bins of a column; with the code for missing, codes fit a byte. */
export const MAX_BINS = 255;
/** Rows from which the bins of a column are chosen, at most. */
export const SAMPLE_ROWS = 65_536;
/** The code of a missing value. */
export const MISSING_CODE = 0;
/** The greatest finite float32. */
export const MAX_FLOAT32 = 3.4028234663852886e38;

/** A column as bin numbers. */
export interface QuantisedColumn {
  /** {@linkcode MISSING_CODE}, or 1 + the number of edges below the value; one a row. */
  readonly codes: Uint8Array;
  /** Finite and ascending: codes 1 … c hold exactly the values `≤ edges[c - 1]`. */
  readonly edges: Float32Array;
  /** False if `+Infinity` occurs: then no finite threshold has all values on its left. */
  readonly bounded: boolean;
}

/**
 * Quantises one column. With at most {@linkcode MAX_BINS} distinct values in the sample each has its
 * own bin; otherwise bins hold about equally many rows, a frequent value having one to itself.
 *
 * @param values Float32; NaN is missing.
 * @param sample Rows that decide the edges, from {@linkcode sampleRows}.
 */
export function quantiseColumn(values: Float32Array, sample: Int32Array): QuantisedColumn {
  const edges = chooseEdges(values, sample);
  const codes = new Uint8Array(values.length);
  let bounded = true;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    codes[row] = Number.isNaN(value) ? MISSING_CODE : 1 + countBelow(edges, value);
    if (value === Infinity) bounded = false;
  }
  return { codes, edges, bounded };
}

/**
 * The rows that decide the bins: all of them, or one at random from each of
 * {@linkcode SAMPLE_ROWS} equal stretches.
 */
export function sampleRows(rows: Matrix["rows"], seed: number): Int32Array {
  if (rows <= SAMPLE_ROWS) return Int32Array.from({ length: rows }, (_, row) => row);
  const random = new Random(seed);
  return Int32Array.from({ length: SAMPLE_ROWS }, (_, k) => {
    const start = Math.floor(k * rows / SAMPLE_ROWS);
    const end = Math.floor((k + 1) * rows / SAMPLE_ROWS);
    return start + random.below(end - start);
  });
}

/**
 * A finite float32 `t` with `left ≤ t < right` for float32 `left < right`, near their middle.
 *
 * @returns undefined where there is none: between `-Infinity` and the least finite float32.
 */
export function thresholdBetween(left: number, right: number): number | undefined {
  const least = Math.max(left, -MAX_FLOAT32);
  const middle = Math.fround(least / 2 + Math.min(right, MAX_FLOAT32) / 2);
  if (least <= middle && middle < right) return middle;
  return least < right ? least : undefined;
}

/**
 * Where the bins of a column end; ascending, at most {@linkcode MAX_BINS} - 1.
 *
 * @param sample Rows that decide, from {@linkcode sampleRows}.
 */
export function chooseEdges(values: Float32Array, sample: Int32Array): Float32Array {
  const sorted = sortedPresent(values, sample);
  const { values: distinct, counts } = runs(sorted);
  const edges: number[] = [];
  const separate = distinct.length <= MAX_BINS;
  let rowsLeft = sorted.length;
  let binsLeft = MAX_BINS;
  let inBin = 0;
  for (let i = 0; i + 1 < distinct.length; i++) {
    inBin += counts[i] as number;
    const full = inBin * binsLeft >= rowsLeft;
    const nextIsFrequent = (counts[i + 1] as number) * binsLeft >= rowsLeft;
    if (!separate && (binsLeft === 1 || !(full || nextIsFrequent))) continue;
    const edge = thresholdBetween(distinct[i] as number, distinct[i + 1] as number);
    if (edge === undefined) continue;
    edges.push(edge);
    rowsLeft -= inBin;
    binsLeft--;
    inBin = 0;
  }
  return Float32Array.from(edges);
}

function sortedPresent(values: Float32Array, sample: Int32Array): Float32Array {
  const picked = new Float32Array(sample.length);
  let present = 0;
  for (const row of sample) {
    const value = values[row] as number;
    if (!Number.isNaN(value)) picked[present++] = value;
  }
  return sortFloats(picked.subarray(0, present));
}

/** The distinct values of a sorted array and how often each occurs; -0 and 0 are one value. */
function runs(sorted: Float32Array): { values: Float32Array; counts: Uint32Array } {
  const values = new Float32Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let size = 0;
  for (let start = 0; start < sorted.length; size++) {
    const value = sorted[start] as number;
    let end = start + 1;
    while (end < sorted.length && sorted[end] === value) end++;
    values[size] = value;
    counts[size] = end - start;
    start = end;
  }
  return { values: values.subarray(0, size), counts: counts.subarray(0, size) };
}

/** How many of the ascending edges are less than `value`. */
function countBelow(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
