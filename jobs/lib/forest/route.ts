/**
 * The way of a row down a tree.
 *
 * @module
 */

import type { Matrix, Tree } from "./forest.ts";
import { LEAF } from "./tree_table.ts";

/** The leaf that a row of the matrix ends in. */
export function leafOf(tree: Tree, matrix: Matrix, row: number): number {
  let node = 0;
  while (tree.feature[node] !== LEAF) node = childOf(tree, node, matrix, row);
  return node;
}

/** The child of an inner node that a row goes on to. */
export function childOf(tree: Tree, node: number, matrix: Matrix, row: number): number {
  const value = matrix.columns[tree.feature[node] as number]?.[row] as number;
  const goesLeft = Number.isNaN(value)
    ? tree.missingLeft[node] === 1
    : value <= (tree.threshold[node] as number);
  return (goesLeft ? tree.left[node] : tree.right[node]) as number;
}
