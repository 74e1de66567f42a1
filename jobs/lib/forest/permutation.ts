/**
 * Permutation importances: how much worse a forest gets when the values of one column are shuffled.
 *
 * @see Breiman: Random Forests, 2001, section 10
 * @module
 */

import { breathe } from "./breathe.ts";
import type { Forest, Matrix } from "./forest.ts";
import { argMax, predict } from "./predict.ts";
import { deriveSeed, Random } from "./random.ts";

/** How much a score drops; one value a column. */
export interface PermutationImportances {
  /** The score with nothing shuffled. */
  readonly score: number;
  /** Mean drop over the repeats; about 0 or less for a column that does not help. */
  readonly mean: Float64Array;
  /** Standard deviation of the drop over the repeats. */
  readonly deviation: Float64Array;
}

/** How importances are estimated. */
export interface PermutationOptions {
  /** Shuffles of each column; 5 unless given. */
  readonly repeats?: number;
  /** Decides the shuffles. */
  readonly seed: number;
  /** What drops: greater is better. Accuracy, or R² for regression, unless given. */
  readonly score?: (outputs: readonly Float32Array[], labels: ArrayLike<number>) => number;
  /** Stops; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Estimates how much each column helps on labelled rows, best ones that were held out.
 *
 * @param labels Class index of each row, or for regression the value.
 */
export async function permutationImportances(
  forest: Forest,
  matrix: Matrix,
  labels: ArrayLike<number>,
  options: PermutationOptions,
): Promise<PermutationImportances> {
  const { repeats = 5, seed, signal } = options;
  const score = options.score ?? (forest.classes > 0 ? accuracy : determination);
  const base = score(predict(forest, matrix), labels);
  const mean = new Float64Array(matrix.columns.length);
  const deviation = new Float64Array(matrix.columns.length);
  for (const [column, values] of matrix.columns.entries()) {
    const drops: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      await breathe(signal);
      const shuffled = shuffle(values, deriveSeed(deriveSeed(seed, column), repeat));
      const changed = { ...matrix, columns: matrix.columns.with(column, shuffled) };
      drops.push(base - score(predict(forest, changed), labels));
    }
    const average = drops.reduce((sum, drop) => sum + drop, 0) / repeats;
    const squares = drops.reduce((sum, drop) => sum + (drop - average) ** 2, 0);
    mean[column] = average;
    deviation[column] = Math.sqrt(squares / repeats);
  }
  return { score: base, mean, deviation };
}

function accuracy(outputs: readonly Float32Array[], labels: ArrayLike<number>): number {
  const right = argMax(outputs).filter((predicted, row) => predicted === labels[row]).length;
  return right / labels.length;
}

function determination([output]: readonly Float32Array[], labels: ArrayLike<number>): number {
  const values = Float64Array.from(labels);
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const errors = values.reduce((sum, value, row) => sum + (value - (output?.[row] ?? 0)) ** 2, 0);
  return 1 - errors / squares;
}

function shuffle(values: Float32Array, seed: number): Float32Array {
  const random = new Random(seed);
  const shuffled = values.slice();
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = shuffled[i] as number;
    shuffled[i] = shuffled[j] as number;
    shuffled[j] = held;
  }
  return shuffled;
}
