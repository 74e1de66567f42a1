/**
 * The way of rows down a tree.
 *
 * @module
 */

import type { Matrix, Tree } from "./forest.ts";
import { LEAF } from "./tree_table.ts";

/** Writes the leaf that each of the first `count` rows ends in. */
export function findLeaves(
  tree: Tree,
  { columns }: Matrix,
  rows: Int32Array,
  count: number,
  leaves: Int32Array,
): void {
  const { feature, threshold, missingLeft, left, right } = tree;
  for (let i = 0; i < count; i++) {
    const row = rows[i] as number;
    let node = 0;
    for (let column = feature[0] as number; column !== LEAF; column = feature[node] as number) {
      const value = (columns[column] as Float32Array)[row] as number;
      // Neither is true of a missing value.
      const goesLeft = value <= (threshold[node] as number) ||
        (missingLeft[node] === 1 && !(value > (threshold[node] as number)));
      node = (goesLeft ? left[node] : right[node]) as number;
    }
    leaves[i] = node;
  }
}

/** The child of an inner node that a row goes on to. */
export function childOf(tree: Tree, node: number, matrix: Matrix, row: number): number {
  const value = matrix.columns[tree.feature[node] as number]?.[row] as number;
  const goesLeft = Number.isNaN(value)
    ? tree.missingLeft[node] === 1
    : value <= (tree.threshold[node] as number);
  return (goesLeft ? tree.left[node] : tree.right[node]) as number;
}
