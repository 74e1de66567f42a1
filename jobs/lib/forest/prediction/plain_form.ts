/**
 * A forest in the form that TypeScript walks fastest.
 *
 * @module
 */

import type { Forest, Tree } from "../forest.ts";
import { LEAF } from "../tree_table.ts";

/**
 * All trees one after the other, siblings side by side: a row goes on at
 * `next[node] + (value > threshold[node])`. A leaf leads to itself, so that rows at different levels
 * are walked in step. Instead of a test for missing at each node, a column has up to two **slots**: in
 * one a missing value is -Infinity and goes left everywhere, in the other +Infinity and goes right.
 */
export interface PlainForest {
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Levels below the root of each tree. */
  readonly depths: Int32Array;
  readonly next: Int32Array;
  readonly slot: Int32Array;
  readonly threshold: Float32Array;
  /** `targets` values a node. */
  readonly value: Float32Array;
  readonly slots: readonly Slot[];
}

/** What stands in a slot: a column, and what stands for missing in it. */
export interface Slot {
  readonly column: number;
  readonly missing: number;
}

/** Brings a forest into this form; the arrays are new. */
export function toPlainForm(forest: Forest): PlainForest {
  const nodes = forest.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const slots = new SlotTable();
  const plain = {
    roots: new Int32Array(forest.trees.length),
    depths: new Int32Array(forest.trees.length),
    next: new Int32Array(nodes),
    slot: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    value: new Float32Array(nodes * forest.targets),
    slots: slots.list,
  };
  let root = 0;
  forest.trees.forEach((tree, t) => {
    plain.roots[t] = root;
    plain.depths[t] = copyTree(tree, root, forest.targets, plain, slots);
    root += tree.feature.length;
  });
  return plain;
}

/** Copies a tree, renumbered level by level. @returns Its depth. */
function copyTree(
  tree: Tree,
  root: number,
  targets: number,
  to: PlainForest,
  slots: SlotTable,
): number {
  const order = new Int32Array(tree.feature.length);
  const depths = new Int32Array(tree.feature.length);
  let placed = 1;
  let depth = 0;
  for (let i = 0; i < placed; i++) {
    const node = order[i] as number;
    const at = root + i;
    depth = depths[i] as number;
    const feature = tree.feature[node] as number;
    if (feature === LEAF) {
      to.next[at] = at;
      to.threshold[at] = Infinity;
      const values = tree.value.subarray(node * targets, (node + 1) * targets);
      to.value.set(values, at * targets);
      continue;
    }
    to.next[at] = root + placed;
    to.threshold[at] = tree.threshold[node] as number;
    to.slot[at] = slots.find(feature, tree.missingLeft[node] === 1 ? -Infinity : Infinity);
    for (const child of [tree.left[node] as number, tree.right[node] as number]) {
      depths[placed] = depth + 1;
      order[placed++] = child;
    }
  }
  return depth;
}

class SlotTable {
  readonly list: Slot[] = [];
  readonly #known = new Map<string, number>();

  find(column: number, missing: number): number {
    const key = `${column} ${missing}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.list.length);
    return this.list.push({ column, missing }) - 1;
  }
}
