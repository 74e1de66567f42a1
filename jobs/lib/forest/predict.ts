/**
 * Prediction with a forest.
 *
 * @module
 */

import type { Forest, Matrix } from "./forest.ts";
import { sumTrees } from "./prediction/mod.ts";

/**
 * Predicts rows: the trees' values added up in float32, in the order of the trees.
 *
 * @param rows Which rows, in which order; all unless given.
 * @returns For classification one array a class with its probability (two classes: 1 - p and p); for
 *   regression one array.
 * @throws {RangeError} If the matrix has not the forest's number of columns.
 */
export function predict(forest: Forest, matrix: Matrix, rows?: ArrayLike<number>): Float32Array[] {
  const sums = sumTrees(forest, matrix, rows);
  const [second] = sums;
  return forest.classes === 2 && second !== undefined ? [second.map((p) => 1 - p), second] : sums;
}

/** The index of the greatest of each row's values; of equal ones the first. */
export function argMax(outputs: readonly Float32Array[]): Int32Array {
  const best = new Int32Array(outputs[0]?.length ?? 0);
  for (let row = 0; row < best.length; row++) {
    let k = 0;
    for (let other = 1; other < outputs.length; other++) {
      if ((outputs[other]?.[row] as number) > (outputs[k]?.[row] as number)) k = other;
    }
    best[row] = k;
  }
  return best;
}
