/**
 * Trees as the kernel leaves them, and as the forest has them.
 *
 * @module
 */

import type { Tree } from "../forest.ts";
import { MAX_FLOAT32 } from "../quantise.ts";
import { LEAF } from "../tree_table.ts";
import type { OwnPlaces, TrainingMemory } from "./memory.ts";

/** A tree as the kernel leaves it, copied out of its memory. */
export interface GrownTree {
  /** Its number. */
  readonly number: number;
  /** Two words a node: the left child (0 in a leaf), `column << 9 | missing left << 8 | bin`. */
  readonly nodes: Uint32Array<ArrayBuffer>;
  /** `targets` values a node. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Per column how much its splits lowered the weighted impurity. */
  readonly decrease: Float64Array<ArrayBuffer>;
}

/** Copies a tree that is done out of the kernel's memory. */
export function copyTree(
  number: number,
  nodes: number,
  { memory: { buffer } }: Pick<TrainingMemory, "memory">,
  place: OwnPlaces,
  sizes: { readonly targets: number; readonly columns: number },
): GrownTree {
  return {
    number,
    nodes: new Uint32Array(new Uint32Array(buffer, place.nodes, 2 * nodes)),
    values: new Float32Array(new Float32Array(buffer, place.values, nodes * sizes.targets)),
    decrease: new Float64Array(new Float64Array(buffer, place.decrease, sizes.columns)),
  };
}

/** @param edges The edges of each column's bins. */
export function toTree({ nodes, values }: GrownTree, edges: readonly Float32Array[]): Tree {
  const size = nodes.length / 2;
  const tree = {
    feature: new Int32Array(size).fill(LEAF),
    threshold: new Float32Array(size),
    missingLeft: new Uint8Array(size),
    left: new Int32Array(size),
    right: new Int32Array(size),
    value: values,
  };
  for (let node = 0; node < size; node++) {
    const left = nodes[2 * node] as number;
    if (left === 0) continue;
    const split = nodes[2 * node + 1] as number;
    const column = split >>> 9;
    tree.feature[node] = column;
    // Without an edge the bin holds everything but the missing.
    tree.threshold[node] = edges[column]?.[(split & 255) - 1] ?? MAX_FLOAT32;
    tree.missingLeft[node] = (split >>> 8) & 1;
    tree.left[node] = left;
    tree.right[node] = left + 1;
  }
  return tree;
}
