/**
 * The criterion: what a group of rows is summarised by, and how pure two groups are together.
 *
 * A split is best where the weighted impurity of its sides is least. Both criteria have the form
 * "something that is the same for every split, minus a score", so the greatest score is looked for:
 *
 * - Gini, `W - Σₖ wₖ²/W` for class weights `wₖ` that sum to `W`: the score of a side is `Σₖ wₖ²/W`;
 * - variance, `Σ w·y² - (Σ w·y)²/W`: the score of a side is `(Σ w·y)²/W`.
 *
 * @see Breiman, Friedman, Olshen, Stone: Classification and Regression Trees, 1984, chapters 4 and 8
 * @module
 */

import type { TrainingSet } from "./forest.ts";
import { divideShare, shareOf } from "./shares.ts";

/** A criterion, bound to the labels of a training set. */
export interface Criterion {
  /** Numbers that summarise a group of rows. */
  readonly size: number;
  /** Adds row `row`, which weighs `weight`, to the summary that starts at `at`. */
  add(summaries: Float64Array, at: number, row: number, weight: number): void;
  /** The score of a group on its own. */
  score(summary: Float64Array): number;
  /** The score of two groups, one `left`, the other the rest of `total`. */
  splitScore(left: Float64Array, total: Float64Array): number;
  /** True if the labels of these rows are all equal, so that no split helps. */
  isPure(rows: Int32Array, start: number, end: number): boolean;
  /** Values of a leaf. */
  readonly targets: number;
  /** The values, see {@linkcode Tree.value}, of a leaf of tree `tree`; valid until the next call. */
  leaf(summary: Float64Array, tree: number): Float64Array;
}

/**
 * Gini's impurity for classes, variance for numbers.
 *
 * @param trees Number of trees in the forest.
 */
export function createCriterion(set: TrainingSet, trees: number): Criterion {
  return set.classes > 0 ? new Gini(set, trees) : new Variance(set, trees);
}

/** A summary is the weight of each class: whole numbers, so every sum of them is exact. */
class Gini implements Criterion {
  readonly size: number;
  readonly targets: number;
  readonly #labels: TrainingSet["labels"];
  readonly #trees: number;
  readonly #values: Float64Array;

  constructor(set: TrainingSet, trees: number) {
    this.size = set.classes;
    this.targets = set.classes === 2 ? 1 : set.classes;
    this.#trees = trees;
    this.#values = new Float64Array(set.classes);
    this.#labels = set.labels;
  }

  add(summaries: Float64Array, at: number, row: number, weight: number): void {
    const cell = at + (this.#labels[row] as number);
    summaries[cell] = (summaries[cell] as number) + weight;
  }

  score(summary: Float64Array): number {
    let total = 0;
    let squares = 0;
    for (let k = 0; k < this.size; k++) {
      const weight = summary[k] as number;
      total += weight;
      squares += weight * weight;
    }
    return squares / total;
  }

  splitScore(left: Float64Array, total: Float64Array): number {
    let leftTotal = 0;
    let leftSquares = 0;
    let rightTotal = 0;
    let rightSquares = 0;
    for (let k = 0; k < this.size; k++) {
      const inLeft = left[k] as number;
      const inRight = (total[k] as number) - inLeft;
      leftTotal += inLeft;
      leftSquares += inLeft * inLeft;
      rightTotal += inRight;
      rightSquares += inRight * inRight;
    }
    return leftSquares / leftTotal + rightSquares / rightTotal;
  }

  isPure(rows: Int32Array, start: number, end: number): boolean {
    return sameLabel(this.#labels, rows, start, end);
  }

  leaf(summary: Float64Array, tree: number): Float64Array {
    divideShare(summary, shareOf(tree, this.#trees), this.#values);
    return this.size === 2 ? this.#values.subarray(1) : this.#values;
  }
}

/**
 * A summary is the weight and the weighted sum of the labels, these taken from their mean: the
 * difference of two large squares would lose the digits that tell splits apart.
 */
class Variance implements Criterion {
  readonly size = 2;
  readonly targets = 1;
  readonly #mean: number;
  readonly #labels: Float64Array;
  readonly #trees: number;
  readonly #value = new Float64Array(1);

  constructor(set: TrainingSet, trees: number) {
    this.#trees = trees;
    const labels = Float64Array.from(set.labels);
    this.#mean = labels.reduce((sum, label) => sum + label / labels.length, 0);
    this.#labels = labels.map((label) => label - this.#mean);
  }

  add(summaries: Float64Array, at: number, row: number, weight: number): void {
    summaries[at] = (summaries[at] as number) + weight;
    summaries[at + 1] = (summaries[at + 1] as number) + weight * (this.#labels[row] as number);
  }

  score(summary: Float64Array): number {
    const sum = summary[1] as number;
    return sum * sum / (summary[0] as number);
  }

  splitScore(left: Float64Array, total: Float64Array): number {
    const leftSum = left[1] as number;
    const rightSum = (total[1] as number) - leftSum;
    const leftWeight = left[0] as number;
    const rightWeight = (total[0] as number) - leftWeight;
    return leftSum * leftSum / leftWeight + rightSum * rightSum / rightWeight;
  }

  isPure(rows: Int32Array, start: number, end: number): boolean {
    return sameLabel(this.#labels, rows, start, end);
  }

  leaf(summary: Float64Array): Float64Array {
    const mean = this.#mean + (summary[1] as number) / (summary[0] as number);
    return this.#value.fill(mean / this.#trees);
  }
}

function sameLabel(
  labels: TrainingSet["labels"],
  rows: Int32Array,
  start: number,
  end: number,
): boolean {
  const first = labels[rows[start] as number];
  for (let i = start + 1; i < end; i++) {
    if (labels[rows[i] as number] !== first) return false;
  }
  return true;
}
