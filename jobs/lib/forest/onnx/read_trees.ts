/**
 * The attributes of a TreeEnsembleRegressor back to trees. They come from a file: nothing in them is
 * taken for granted.
 *
 * @module
 */

import type { Forest, Tree } from "../forest.ts";
import { LEAF } from "../tree_table.ts";
import { MODES } from "./ensemble.ts";
import { invalidModel } from "./errors.ts";
import { bytesOf } from "./graph.ts";
import type { Cursor, WireList } from "./lists.ts";

/** Most leaf values that are held in memory: 2 GiB of them. */
const MOST_VALUES = 2 ** 29;

/**
 * Reads the trees as `TreeLists` writes them: trees and nodes numbered in order from 0, children after
 * their parent.
 *
 * @throws {DataError} `model.onnx-invalid`
 * @throws {WireError} If the bytes of a list are damaged.
 */
export function readTrees(lists: readonly WireList[], shape: Omit<Forest, "trees">): Tree[] {
  const named = new Lists(lists);
  const nodes = named.nodes();
  const count = nodes.nodeIds.length;
  if (count === 0) throw invalidModel("it has no trees");
  if (count * shape.targets > MOST_VALUES) {
    throw invalidModel(`its ${count} nodes with ${shape.targets} values each are too many`);
  }
  const sizes = treeSizes(named.find("nodes_treeids").ints());
  const values = new ValueReader(named.values(), shape);
  const trees = sizes.map((size, t) => {
    const tree = readTree(nodes, size, shape, t);
    values.fill(tree, t);
    return tree;
  });
  values.finish();
  return trees;
}

interface NodeLists {
  /** Read before, for the trees' sizes. */
  readonly treeIds: Cursor<number>;
  readonly nodeIds: Cursor<number>;
  readonly features: Cursor<number>;
  readonly modes: Cursor<Uint8Array>;
  readonly thresholds: Cursor<number>;
  readonly left: Cursor<number>;
  readonly right: Cursor<number>;
  readonly missingLeft: Cursor<number>;
}

interface ValueLists {
  readonly treeIds: Cursor<number>;
  readonly nodeIds: Cursor<number>;
  readonly targets: Cursor<number>;
  readonly weights: Cursor<number>;
}

/** The lists by name, those that belong together of one length. */
class Lists {
  readonly #byName: ReadonlyMap<string, WireList>;

  constructor(lists: readonly WireList[]) {
    this.#byName = new Map(lists.map((list) => [list.name, list]));
    if (lists.length !== this.#byName.size) throw invalidModel("an attribute occurs twice");
  }

  nodes(): NodeLists {
    return sameLength("nodes", {
      treeIds: this.find("nodes_treeids").ints(),
      nodeIds: this.find("nodes_nodeids").ints(),
      features: this.find("nodes_featureids").ints(),
      modes: this.find("nodes_modes").strings(),
      thresholds: this.find("nodes_values").floats(),
      left: this.find("nodes_truenodeids").ints(),
      right: this.find("nodes_falsenodeids").ints(),
      missingLeft: this.find("nodes_missing_value_tracks_true").ints(),
    });
  }

  values(): ValueLists {
    return sameLength("values", {
      treeIds: this.find("target_treeids").ints(),
      nodeIds: this.find("target_nodeids").ints(),
      targets: this.find("target_ids").ints(),
      weights: this.find("target_weights").floats(),
    });
  }

  find(name: string): WireList {
    const list = this.#byName.get(name);
    if (list === undefined) throw invalidModel(`the attribute ${name} is missing`);
    return list;
  }
}

function sameLength<L extends Readonly<Record<keyof L, { readonly length: number }>>>(
  what: string,
  lists: L,
): L {
  const cursors: { readonly length: number }[] = Object.values(lists);
  if (new Set(cursors.map(({ length }) => length)).size > 1) {
    throw invalidModel(`the lists of its ${what} have different lengths`);
  }
  return lists;
}

/** How many nodes each tree has. */
function treeSizes(ids: Cursor<number>): number[] {
  const sizes: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    const id = ids.next();
    const tree = sizes.length - 1;
    if (id === tree) sizes[tree] = (sizes[tree] as number) + 1;
    else if (id === tree + 1) sizes.push(1);
    else throw invalidModel(`tree ${id} stands where tree ${tree + 1} should`);
  }
  return sizes;
}

function readTree(
  lists: NodeLists,
  size: number,
  shape: Omit<Forest, "trees">,
  t: number,
): Tree {
  const tree: Tree = {
    feature: new Int32Array(size).fill(LEAF),
    threshold: new Float32Array(size),
    missingLeft: new Uint8Array(size),
    left: new Int32Array(size),
    right: new Int32Array(size),
    value: new Float32Array(size * shape.targets),
  };
  const hasParent = new Uint8Array(size);
  for (let node = 0; node < size; node++) {
    const where = () => `node ${node} of tree ${t}`;
    const found = next(lists);
    if (found.nodeId !== node) throw invalidModel(`${where()} has the number ${found.nodeId}`);
    if (node > 0 && hasParent[node] === 0) throw invalidModel(`${where()} has no parent before it`);
    if (isLeaf(found.mode, where)) continue;
    const left = integer(found.left, node + 1, size, () => `the left child of ${where()}`);
    const right = integer(found.right, node + 1, size, () => `the right child of ${where()}`);
    if (left === right || hasParent[left] === 1 || hasParent[right] === 1) {
      throw invalidModel(`a child of ${where()} has two parents`);
    }
    hasParent[left] = 1;
    hasParent[right] = 1;
    tree.left[node] = left;
    tree.right[node] = right;
    const feature = integer(found.feature, 0, shape.columns, () => `the feature of ${where()}`);
    tree.feature[node] = feature;
    tree.threshold[node] = finite(found.threshold, () => `the threshold of ${where()}`);
    const side = integer(found.missingLeft, 0, 2, () => `the missing side of ${where()}`);
    tree.missingLeft[node] = side;
  }
  return tree;
}

/** The next entry of every list. */
function next(lists: NodeLists) {
  return {
    nodeId: lists.nodeIds.next(),
    feature: lists.features.next(),
    mode: lists.modes.next(),
    threshold: lists.thresholds.next(),
    left: lists.left.next(),
    right: lists.right.next(),
    missingLeft: lists.missingLeft.next(),
  };
}

const LEAF_MODE = bytesOf(MODES.leaf);
const SPLIT_MODE = bytesOf(MODES.split);

function isLeaf(mode: Uint8Array, where: () => string): boolean {
  if (sameBytes(mode, LEAF_MODE)) return true;
  if (sameBytes(mode, SPLIT_MODE)) return false;
  throw invalidModel(`${where()} has the mode ${JSON.stringify(new TextDecoder().decode(mode))}`);
}

function sameBytes(found: Uint8Array, expected: Uint8Array): boolean {
  if (found.length !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) if (found[i] !== expected[i]) return false;
  return true;
}

/** Hands out the leaves' values, which stand in the order of the trees and their nodes. */
class ValueReader {
  readonly #lists: ValueLists;
  readonly #shape: Omit<Forest, "trees">;
  /** Values that were handed out. */
  #done = 0;
  /** The tree of the next value; undefined after the last one. */
  #tree: number | undefined;

  constructor(lists: ValueLists, shape: Omit<Forest, "trees">) {
    this.#lists = lists;
    this.#shape = shape;
    this.#tree = this.#nextTree();
  }

  /** Fills in the values of tree `t`. */
  fill(tree: Tree, t: number): void {
    const { targets, classes } = this.#shape;
    const { nodeIds, targets: targetIds, weights } = this.#lists;
    const where = () => `value ${this.#done}`;
    const size = tree.feature.length;
    let last = -1;
    while (this.#tree === t) {
      const node = integer(nodeIds.next(), 0, size, () => `the node of ${where()}`);
      if (tree.feature[node] !== LEAF) throw invalidModel(`${where()} is not in a leaf`);
      const target = integer(targetIds.next(), 0, targets, () => `the target of ${where()}`);
      const cell = node * targets + target;
      if (cell <= last) throw invalidModel(`${where()} is out of order or there twice`);
      last = cell;
      const weight = finite(weights.next(), where);
      if (classes > 0 && (weight < 0 || weight > 1)) {
        throw invalidModel(`${where()} is ${weight}, no part of a probability`);
      }
      tree.value[cell] = weight;
      this.#done++;
      this.#tree = this.#nextTree();
    }
  }

  /** Refuses values that belong to no tree. */
  finish(): void {
    if (this.#tree !== undefined) {
      throw invalidModel(`value ${this.#done} is of tree ${this.#tree}`);
    }
  }

  #nextTree(): number | undefined {
    return this.#done < this.#lists.treeIds.length ? this.#lists.treeIds.next() : undefined;
  }
}

function integer(
  value: number,
  from: number,
  to: number,
  what: () => string,
): number {
  if (!(value >= from && value < to)) {
    throw invalidModel(`${what()} is ${BigInt(value)}, not one of ${from} to ${to - 1}`);
  }
  return value;
}

function finite(value: number, what: () => string): number {
  if (!Number.isFinite(value)) throw invalidModel(`${what()} is ${value}`);
  return value;
}
