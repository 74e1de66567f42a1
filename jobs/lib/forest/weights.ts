/**
 * Row weights as whole numbers: sums of them are exact, so that they do not depend on the order in
 * which rows are counted, and `total - left` is exactly what lies on the right.
 *
 * @module
 */

import type { ForestOptions, TrainingSet } from "./forest.ts";

/** The whole number that the greatest fractional weight becomes. */
const SCALE = 2 ** 20;

/**
 * The weight of each row: the given one, times `rows / (classes present · rows of its class)` if
 * balanced. Whole numbers up to 2²⁰ stay as they are; anything else is scaled so that the greatest
 * becomes 2²⁰, and rounded, a positive weight to at least 1.
 *
 * @returns One whole number a row, or undefined if all are equal.
 */
export function rowWeights(
  set: TrainingSet,
  classWeight: ForestOptions["classWeight"],
): Float64Array | undefined {
  if (set.weights === undefined && classWeight !== "balanced") return undefined;
  const weights = Float64Array.from(
    { length: set.matrix.rows },
    (_, row) => set.weights?.[row] ?? 1,
  );
  if (classWeight === "balanced" && set.classes > 0) {
    const factors = balancedFactors(set);
    for (let row = 0; row < weights.length; row++) {
      const factor = factors[set.labels[row] as number] as number;
      weights[row] = (weights[row] as number) * factor;
    }
  }
  return toIntegers(weights);
}

function balancedFactors(set: TrainingSet): Float64Array {
  const counts = new Float64Array(set.classes);
  for (const label of set.labels) counts[label] = (counts[label] as number) + 1;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => set.matrix.rows / (present * count));
}

function toIntegers(weights: Float64Array): Float64Array | undefined {
  if (weights.every((weight) => weight === weights[0])) return undefined;
  const greatest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  if (greatest <= SCALE && weights.every((weight) => Number.isInteger(weight))) return weights;
  return weights.map((weight) =>
    weight > 0 ? Math.max(1, Math.round(weight / greatest * SCALE)) : 0
  );
}
