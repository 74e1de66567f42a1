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
import type { AttributeProto } from "./gen/onnx-ml_pb.ts";
import { bytesOf } from "./graph.ts";

/** Names of the attributes that hold trees. */
export const TREE_ATTRIBUTES: ReadonlySet<string> = new Set([
  "nodes_falsenodeids",
  "nodes_featureids",
  "nodes_missing_value_tracks_true",
  "nodes_modes",
  "nodes_nodeids",
  "nodes_treeids",
  "nodes_truenodeids",
  "nodes_values",
  "target_ids",
  "target_nodeids",
  "target_treeids",
  "target_weights",
]);

/** Most leaf values that are held in memory: 2 GiB of them. */
const MOST_VALUES = 2 ** 29;

/**
 * Reads the trees as `ensembleAttributes` writes them: trees and nodes numbered in order from 0,
 * children after their parent.
 *
 * @throws {DataError} `model.onnx-invalid`
 */
export function readTrees(
  attributes: readonly AttributeProto[],
  shape: Omit<Forest, "trees">,
): Tree[] {
  const lists = new Lists(attributes);
  const nodes = lists.nodes();
  const count = nodes.treeIds.length;
  if (count === 0) throw invalidModel("it has no trees");
  if (count * shape.targets > MOST_VALUES) {
    throw invalidModel(`its ${count} nodes with ${shape.targets} values each are too many`);
  }
  const trees: Tree[] = [];
  const values = new ValueReader(lists.values(), shape);
  for (let start = 0; start < count;) {
    const end = endOfTree(nodes, start, trees.length);
    const tree = readTree(nodes, start, end, shape, trees.length);
    values.fill(tree, trees.length);
    trees.push(tree);
    start = end;
  }
  values.finish();
  return trees;
}

interface NodeLists {
  readonly treeIds: readonly bigint[];
  readonly nodeIds: readonly bigint[];
  readonly features: readonly bigint[];
  readonly modes: readonly Uint8Array[];
  readonly thresholds: readonly number[];
  readonly left: readonly bigint[];
  readonly right: readonly bigint[];
  readonly missingLeft: readonly bigint[];
}

interface ValueLists {
  readonly treeIds: readonly bigint[];
  readonly nodeIds: readonly bigint[];
  readonly targets: readonly bigint[];
  readonly weights: readonly number[];
}

/** The attributes by name, those that belong together of one length. */
class Lists {
  readonly #byName: ReadonlyMap<string, AttributeProto>;

  constructor(attributes: readonly AttributeProto[]) {
    this.#byName = new Map(attributes.map((attribute) => [attribute.name, attribute]));
    if (attributes.length !== this.#byName.size) throw invalidModel("an attribute occurs twice");
  }

  nodes(): NodeLists {
    return sameLength("nodes", {
      treeIds: this.#find("nodes_treeids").ints,
      nodeIds: this.#find("nodes_nodeids").ints,
      features: this.#find("nodes_featureids").ints,
      modes: this.#find("nodes_modes").strings,
      thresholds: this.#find("nodes_values").floats,
      left: this.#find("nodes_truenodeids").ints,
      right: this.#find("nodes_falsenodeids").ints,
      missingLeft: this.#find("nodes_missing_value_tracks_true").ints,
    });
  }

  values(): ValueLists {
    return sameLength("values", {
      treeIds: this.#find("target_treeids").ints,
      nodeIds: this.#find("target_nodeids").ints,
      targets: this.#find("target_ids").ints,
      weights: this.#find("target_weights").floats,
    });
  }

  #find(name: string): AttributeProto {
    const attribute = this.#byName.get(name);
    if (attribute === undefined) throw invalidModel(`the attribute ${name} is missing`);
    return attribute;
  }
}

function sameLength<L extends object>(what: string, lists: L): L {
  const lengths = new Set(Object.values(lists).map((list: readonly unknown[]) => list.length));
  if (lengths.size > 1) throw invalidModel(`the lists of its ${what} have different lengths`);
  return lists;
}

function endOfTree({ treeIds, nodeIds }: NodeLists, start: number, tree: number): number {
  const id = BigInt(tree);
  let end = start;
  while (end < treeIds.length && treeIds[end] === id) {
    if (Number(nodeIds[end]) !== end - start) {
      throw invalidModel(`node ${end - start} of tree ${tree} has the number ${nodeIds[end]}`);
    }
    end++;
  }
  if (end === start) throw invalidModel(`tree ${treeIds[start]} stands where tree ${tree} should`);
  return end;
}

function readTree(
  lists: NodeLists,
  start: number,
  end: number,
  shape: Omit<Forest, "trees">,
  t: number,
): Tree {
  const size = end - start;
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
    const at = start + node;
    const where = () => `node ${node} of tree ${t}`;
    if (node > 0 && hasParent[node] === 0) throw invalidModel(`${where()} has no parent before it`);
    if (isLeaf(lists.modes[at], where)) continue;
    const left = integer(lists.left[at], node + 1, size, () => `the left child of ${where()}`);
    const right = integer(lists.right[at], node + 1, size, () => `the right child of ${where()}`);
    if (left === right || hasParent[left] === 1 || hasParent[right] === 1) {
      throw invalidModel(`a child of ${where()} has two parents`);
    }
    hasParent[left] = 1;
    hasParent[right] = 1;
    tree.left[node] = left;
    tree.right[node] = right;
    tree.feature[node] = integer(
      lists.features[at],
      0,
      shape.columns,
      () => `the feature of ${where()}`,
    );
    tree.threshold[node] = finite(lists.thresholds[at], () => `the threshold of ${where()}`);
    tree.missingLeft[node] = integer(
      lists.missingLeft[at],
      0,
      2,
      () => `the missing side of ${where()}`,
    );
  }
  return tree;
}

const LEAF_MODE = bytesOf(MODES.leaf);
const SPLIT_MODE = bytesOf(MODES.split);

function isLeaf(mode: Uint8Array | undefined, where: () => string): boolean {
  if (sameBytes(mode, LEAF_MODE)) return true;
  if (sameBytes(mode, SPLIT_MODE)) return false;
  throw invalidModel(`${where()} has the mode ${JSON.stringify(new TextDecoder().decode(mode))}`);
}

function sameBytes(found: Uint8Array | undefined, expected: Uint8Array): boolean {
  if (found?.length !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) if (found[i] !== expected[i]) return false;
  return true;
}

/** Hands out the leaves' values, which stand in the order of the trees and their nodes. */
class ValueReader {
  readonly #lists: ValueLists;
  readonly #shape: Omit<Forest, "trees">;
  #at = 0;

  constructor(lists: ValueLists, shape: Omit<Forest, "trees">) {
    this.#lists = lists;
    this.#shape = shape;
  }

  /** Fills in the values of tree `t`. */
  fill(tree: Tree, t: number): void {
    const { targets, classes } = this.#shape;
    const { treeIds, nodeIds, weights } = this.#lists;
    const id = BigInt(t);
    let last = -1;
    for (; treeIds[this.#at] === id; this.#at++) {
      const where = () => `value ${this.#at}`;
      const node = integer(
        nodeIds[this.#at],
        0,
        tree.feature.length,
        () => `the node of ${where()}`,
      );
      if (tree.feature[node] !== LEAF) throw invalidModel(`${where()} is not in a leaf`);
      const target = integer(
        this.#lists.targets[this.#at],
        0,
        targets,
        () => `the target of ${where()}`,
      );
      const cell = node * targets + target;
      if (cell <= last) throw invalidModel(`${where()} is out of order or there twice`);
      last = cell;
      const weight = finite(weights[this.#at], where);
      if (classes > 0 && (weight < 0 || weight > 1)) {
        throw invalidModel(`${where()} is ${weight}, no part of a probability`);
      }
      tree.value[cell] = weight;
    }
  }

  /** Refuses values that belong to no tree. */
  finish(): void {
    if (this.#at < this.#lists.treeIds.length) {
      throw invalidModel(`value ${this.#at} is of tree ${this.#lists.treeIds[this.#at]}`);
    }
  }
}

function integer(
  value: bigint | undefined,
  from: number,
  to: number,
  what: () => string,
): number {
  const number = Number(value);
  if (!(number >= from && number < to)) {
    throw invalidModel(`${what()} is ${value}, not one of ${from} to ${to - 1}`);
  }
  return number;
}

function finite(value: number | undefined, what: () => string): number {
  if (value === undefined || !Number.isFinite(value)) throw invalidModel(`${what()} is ${value}`);
  return value;
}
