/**
 * A tree while it grows.
 *
 * @module
 */

import type { Tree } from "./forest.ts";

/** Marks a leaf in {@linkcode Tree.feature}. */
export const LEAF = -1;

/** Nodes in arrays that double when they are full; reused from tree to tree. */
export class TreeTable {
  readonly #targets: number;
  #nodes = 0;
  #feature = new Int32Array(64);
  #threshold = new Float32Array(64);
  #missingLeft = new Uint8Array(64);
  #left = new Int32Array(64);
  #right = new Int32Array(64);
  #value: Float32Array;

  /** @param targets Values a leaf holds. */
  constructor(targets: number) {
    this.#targets = targets;
    this.#value = new Float32Array(64 * targets);
  }

  /** Starts a new tree of a single node. */
  reset(): void {
    this.#nodes = 0;
    this.#add();
  }

  /** Makes a leaf an inner node. @returns Its left child; the right one follows it. */
  split(node: number, feature: number, threshold: number, missingLeft: boolean): number {
    const left = this.#add();
    const right = this.#add();
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#missingLeft[node] = missingLeft ? 1 : 0;
    this.#left[node] = left;
    this.#right[node] = right;
    this.#value.fill(0, node * this.#targets, (node + 1) * this.#targets);
    return left;
  }

  /** Gives a leaf its values; it may still be split. */
  setLeaf(node: number, values: Float64Array): void {
    this.#value.set(values, node * this.#targets);
  }

  /** A copy of the finished tree. */
  toTree(): Tree {
    return {
      feature: this.#feature.slice(0, this.#nodes),
      threshold: this.#threshold.slice(0, this.#nodes),
      missingLeft: this.#missingLeft.slice(0, this.#nodes),
      left: this.#left.slice(0, this.#nodes),
      right: this.#right.slice(0, this.#nodes),
      value: this.#value.slice(0, this.#nodes * this.#targets),
    };
  }

  #add(): number {
    const node = this.#nodes++;
    if (node === this.#feature.length) this.#grow();
    this.#feature[node] = LEAF;
    this.#threshold[node] = 0;
    this.#missingLeft[node] = 0;
    this.#left[node] = 0;
    this.#right[node] = 0;
    this.#value.fill(0, node * this.#targets, (node + 1) * this.#targets);
    return node;
  }

  #grow(): void {
    const capacity = this.#feature.length * 2;
    this.#feature = grown(this.#feature, new Int32Array(capacity));
    this.#threshold = grown(this.#threshold, new Float32Array(capacity));
    this.#missingLeft = grown(this.#missingLeft, new Uint8Array(capacity));
    this.#left = grown(this.#left, new Int32Array(capacity));
    this.#right = grown(this.#right, new Int32Array(capacity));
    this.#value = grown(this.#value, new Float32Array(capacity * this.#targets));
  }
}

function grown<A extends Int32Array | Float32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
