/**
 * Trees of npm:ml-cart as trees of ours.
 *
 * @module
 */

import type { Tree } from "./forest.ts";
import { TreeTable } from "./tree_table.ts";

/** A node of ml-cart, as its `toJSON` gives it: an inner one has both children. */
export interface CartNode {
  /** Column among those the tree was trained on. */
  readonly splitColumn?: number;
  /** Values less than it go left. */
  readonly splitValue?: number;
  readonly left?: CartNode;
  readonly right?: CartNode;
  /** The labels' mean, or one row of class frequencies up to the last class that occurs. */
  readonly distribution?: number | readonly (readonly number[])[];
}

/** What a conversion needs besides the tree. */
export interface CartContext {
  /** The matrix column of each of the tree's columns. */
  readonly columns: readonly number[];
  /** What each matrix column's missing values were replaced by. */
  readonly imputed: Float32Array;
  /** Values a leaf of ours holds. */
  readonly targets: number;
  /** The values of a leaf, from its `distribution`. */
  readonly leaf: (distribution: NonNullable<CartNode["distribution"]>) => Float64Array;
}

/**
 * Converts a tree. Every float32 goes the same way in both: left if less than `splitValue` there, if
 * at most the greatest float32 less than it here. Missing goes where its replacement goes.
 *
 * @throws {TypeError} If a node is neither a split nor a leaf.
 */
export function convertTree(root: CartNode, context: CartContext): Tree {
  const table = new TreeTable(context.targets);
  table.reset();
  const pending = [{ cart: root, node: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { cart: { left, right, splitColumn, splitValue, distribution }, node } = next;
    if (left !== undefined && right !== undefined) {
      const column = context.columns[splitColumn ?? -1];
      if (column === undefined || splitValue === undefined) throw new TypeError("no such column");
      const threshold = float32Below(splitValue);
      const missingLeft = (context.imputed[column] as number) <= threshold;
      const child = table.split(node, column, threshold, missingLeft);
      pending.push({ cart: right, node: child + 1 }, { cart: left, node: child });
    } else if (distribution !== undefined) {
      table.setLeaf(node, context.leaf(distribution));
    } else {
      throw new TypeError("a node has neither children nor a distribution");
    }
  }
  return table.toTree();
}

/** The greatest float32 less than a finite number. */
export function float32Below(value: number): number {
  const [nearest = 0] = new Float32Array([value]);
  if (nearest < value) return nearest;
  // Below zero the bits of a float count away from zero.
  const bits = new Int32Array(new Float32Array([nearest === 0 ? -0 : nearest]).buffer);
  bits[0] = (bits[0] as number) + (nearest > 0 ? -1 : 1);
  return new Float32Array(bits.buffer)[0] as number;
}
