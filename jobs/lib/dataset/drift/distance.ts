/**
 * How far two distributions are apart.
 *
 * @module
 */

import type { WeightedValues } from "../profile/mod.ts";

/**
 * Kolmogorov–Smirnov statistic: the largest difference of the two distribution functions, 0 to 1.
 */
export function kolmogorovSmirnov(a: WeightedValues, b: WeightedValues): number {
  const [totalA, totalB] = [sum(a.weights), sum(b.weights)];
  if (totalA === 0 || totalB === 0) return 0;
  let i = 0, j = 0, seenA = 0, seenB = 0, largest = 0;
  while (i < a.values.length || j < b.values.length) {
    const value = Math.min(a.values[i] ?? Infinity, b.values[j] ?? Infinity);
    while (i < a.values.length && (a.values[i] ?? NaN) <= value) seenA += a.weights[i++] ?? 0;
    while (j < b.values.length && (b.values[j] ?? NaN) <= value) seenB += b.weights[j++] ?? 0;
    largest = Math.max(largest, Math.abs(seenA / totalA - seenB / totalB));
  }
  return largest;
}

/**
 * Population stability index of two lists of counts over the same bins, less what two samples of one
 * distribution show by chance, (bins - 1)(1/n + 1/m) (Yurdakul and Naranjo 2020). An empty bin counts
 * as half a row.
 */
export function populationStability(a: readonly number[], b: readonly number[]): number {
  const [n, m] = [sum(a), sum(b)];
  if (n === 0 || m === 0) return 0;
  let index = 0, used = 0;
  for (let bin = 0; bin < a.length; bin++) {
    const [left, right] = [a[bin] ?? 0, b[bin] ?? 0];
    if (left === 0 && right === 0) continue;
    const p = Math.max(left, 0.5) / n, q = Math.max(right, 0.5) / m;
    index += (p - q) * Math.log(p / q);
    used++;
  }
  return Math.max(0, index - (used - 1) * (1 / n + 1 / m));
}

/** Jensen–Shannon distance of two lists of counts over the same bins: base 2, 0 to 1. */
export function jensenShannon(a: readonly number[], b: readonly number[]): number {
  const [n, m] = [sum(a), sum(b)];
  if (n === 0 || m === 0) return 0;
  let divergence = 0;
  for (let bin = 0; bin < a.length; bin++) {
    const p = (a[bin] ?? 0) / n, q = (b[bin] ?? 0) / m, mean = (p + q) / 2;
    if (p > 0) divergence += p * Math.log2(p / mean) / 2;
    if (q > 0) divergence += q * Math.log2(q / mean) / 2;
  }
  return Math.sqrt(Math.max(0, divergence));
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
}
