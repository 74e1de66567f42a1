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

/** Rows `rows[start] … rows[end - 1]`, and the weight of every row of the training set. */
export interface WeightedRows {
  readonly rows: Int32Array;
  readonly start: number;
  readonly end: number;
  readonly weights: Float64Array;
}

/** A criterion, bound to the labels of a training set. */
export interface Criterion {
  /** Numbers that summarise a group of rows. */
  readonly size: number;
  /** Writes the summary of a node's rows; what is added and scored until the next is part of it. */
  summarise(node: WeightedRows, total: Float64Array): void;
  /** Adds row `row`, which weighs `weight`, to the summary that starts at `at`. */
  add(summaries: Float64Array, at: number, row: number, weight: number): void;
  /** The score of a group on its own. */
  score(summary: Float64Array): number;
  /** The score of two groups, one `left`, the other the rest of `total`. */
  splitScore(left: Float64Array, total: Float64Array): number;
  /** True if the labels of these rows are all equal, so that no split helps. */
  isPure(node: WeightedRows): boolean;
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

  summarise(node: WeightedRows, total: Float64Array): void {
    sumRows(this, node, total);
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

  isPure(node: WeightedRows): boolean {
    return sameLabel(this.#labels, node);
  }

  leaf(summary: Float64Array, tree: number): Float64Array {
    divideShare(summary, shareOf(tree, this.#trees), this.#values);
    return this.size === 2 ? this.#values.subarray(1) : this.#values;
  }
}

/**
 * A summary is the weight and the weighted sum of the labels, these counted from the mean of the node:
 * the difference of two large squares would lose the digits that tell splits apart.
 */
class Variance implements Criterion {
  readonly size = 2;
  readonly targets = 1;
  readonly #labels: Float64Array;
  readonly #trees: number;
  readonly #value = new Float64Array(1);
  /** What labels are counted from. */
  #origin = 0;

  constructor(set: TrainingSet, trees: number) {
    this.#labels = Float64Array.from(set.labels);
    this.#trees = trees;
  }

  summarise(node: WeightedRows, total: Float64Array): void {
    this.#origin = 0;
    sumRows(this, node, total);
    this.#origin = (total[1] as number) / (total[0] as number);
    // Not 0: the mean was rounded, and the rest of it is what makes left and right add up.
    sumRows(this, node, total);
  }

  add(summaries: Float64Array, at: number, row: number, weight: number): void {
    const label = (this.#labels[row] as number) - this.#origin;
    summaries[at] = (summaries[at] as number) + weight;
    summaries[at + 1] = (summaries[at + 1] as number) + weight * label;
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

  isPure(node: WeightedRows): boolean {
    return sameLabel(this.#labels, node);
  }

  leaf(summary: Float64Array): Float64Array {
    const mean = this.#origin + (summary[1] as number) / (summary[0] as number);
    return this.#value.fill(mean / this.#trees);
  }
}

function sumRows(
  criterion: Criterion,
  { rows, start, end, weights }: WeightedRows,
  total: Float64Array,
): void {
  total.fill(0);
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    criterion.add(total, 0, row, weights[row] as number);
  }
}

function sameLabel(
  labels: TrainingSet["labels"],
  { rows, start, end }: WeightedRows,
): boolean {
  const first = labels[rows[start] as number];
  for (let i = start + 1; i < end; i++) {
    if (labels[rows[i] as number] !== first) return false;
  }
  return true;
}
