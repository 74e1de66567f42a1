/**
 * Feature importances: the mean decrease in impurity.
 *
 * @see https://scikit-learn.org/stable/modules/ensemble.html#feature-importance-evaluation
 * @module
 */

import { createCriterion } from "./create_criterion.ts";
import type { Forest, TrainingSet, Tree } from "./forest.ts";
import { childOf } from "./route.ts";
import { LEAF } from "./tree_table.ts";

/** Adds up the trees' decreases so that every tree that splits counts the same. */
export class Importances {
  readonly #sum: Float64Array;

  constructor(columns: number) {
    this.#sum = new Float64Array(columns);
  }

  /** Adds one tree: per column how much its splits lowered the weighted impurity. */
  add(decrease: Float64Array): void {
    const shares = normalised(decrease);
    for (let k = 0; k < shares.length; k++) {
      this.#sum[k] = (this.#sum[k] as number) + (shares[k] as number);
    }
  }

  /** One value a column, not negative, that sum to 1; all 0 if no split lowered anything. */
  result(): Float64Array {
    return normalised(this.#sum);
  }
}

/**
 * The importances of a forest that was grown elsewhere: its training rows, each once, are sent down
 * every tree. Missing values go where the trees send them.
 */
export function routedImportances(forest: Forest, set: TrainingSet): Float64Array {
  const importances = new Importances(forest.columns);
  for (const tree of forest.trees) importances.add(decreaseOf(tree, forest, set));
  return importances.result();
}

function decreaseOf(tree: Tree, forest: Forest, set: TrainingSet): Float64Array {
  const criterion = createCriterion(set, forest.trees.length);
  const { size } = criterion;
  const summaries = new Float64Array(tree.feature.length * size);
  const end = set.matrix.rows;
  const rows = Int32Array.from({ length: end }, (_, row) => row);
  const weights = new Float64Array(end).fill(1);
  criterion.summarise({ rows, start: 0, end, weights }, summaries.subarray(0, size));
  for (const row of rows) {
    let node = 0;
    while (tree.feature[node] !== LEAF) {
      node = childOf(tree, node, set.matrix, row);
      criterion.add(summaries, node * size, row, 1);
    }
  }
  const summaryOf = (node = 0) => summaries.subarray(node * size, (node + 1) * size);
  const decrease = new Float64Array(forest.columns);
  tree.feature.forEach((column, node) => {
    if (column === LEAF) return;
    const total = summaryOf(node);
    const score = criterion.splitScore(summaryOf(tree.left[node]), total);
    // Not a number where no row comes by, or all go one way.
    if (!Number.isNaN(score)) {
      decrease[column] = (decrease[column] as number) + criterion.gain(score, total);
    }
  });
  return decrease;
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum > 0 ? values.map((value) => value / sum) : new Float64Array(values.length);
}
