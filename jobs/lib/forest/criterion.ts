/**
 * The criterion: what a group of rows is summarised by, and how pure two groups are together.
 *
 * A split is best where the weighted impurity of its sides is least. Every criterion has the form
 * "something that is the same for every split of a node, minus a score", so the greatest score is
 * looked for.
 *
 * @see Breiman, Friedman, Olshen, Stone: Classification and Regression Trees, 1984, chapters 4 and 8
 * @module
 */

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
  /** The weight of a group. */
  weight(summary: Float64Array): number;
  /**
   * The score of two groups, one `left`, the other the rest of `total`; only those of one `total` can
   * be compared. NaN if one is empty.
   */
  splitScore(left: Float64Array, total: Float64Array): number;
  /** How much less a split of that score makes the weighted impurity of `total`; not below 0. */
  gain(splitScore: number, total: Float64Array): number;
  /** True if the labels of these rows are all equal, so that no split helps. */
  isPure(node: WeightedRows): boolean;
  /** Values of a leaf. */
  readonly targets: number;
  /** The values, see {@linkcode Tree.value}, of a leaf of tree `tree`; valid until the next call. */
  leaf(summary: Float64Array, tree: number): Float64Array;
}
