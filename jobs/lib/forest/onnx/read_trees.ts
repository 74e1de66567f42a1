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
import type { NumberCursor, WireList } from "./lists.ts";

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
  const sizes = treeSizes(named.find("nodes_treeids"));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  if (count === 0) throw invalidModel("it has no trees");
  if (count * shape.targets > MOST_VALUES) {
    throw invalidModel(`its ${count} nodes with ${shape.targets} values each are too many`);
  }
  const nodes = new NodeReader(named, shape.columns);
  const values = new ValueReader(named, shape);
  const trees = sizes.map((size, t) => {
    const tree = nodes.next(size, shape.targets, t);
    values.fill(tree, t);
    return tree;
  });
  nodes.finish();
  values.finish();
  return trees;
}

/** The lists by name. */
class Lists {
  readonly #byName: ReadonlyMap<string, WireList>;

  constructor(lists: readonly WireList[]) {
    this.#byName = new Map(lists.map((list) => [list.name, list]));
    if (lists.length !== this.#byName.size) throw invalidModel("an attribute occurs twice");
  }

  find(name: string): WireList {
    const list = this.#byName.get(name);
    if (list === undefined) throw invalidModel(`the attribute ${name} is missing`);
    return list;
  }
}

/** How many nodes each tree has. */
function treeSizes(ids: WireList): number[] {
  const sizes: number[] = [];
  for (const { id, size } of runsOf(ids)) {
    if (id !== sizes.length) {
      throw invalidModel(`tree ${id} stands where tree ${sizes.length} should`);
    }
    sizes.push(size);
  }
  return sizes;
}

/** Equal numbers of a list that stand one after the other. */
interface Run {
  readonly id: number;
  readonly size: number;
}

function* runsOf(list: WireList): Generator<Run> {
  const ids = list.ints();
  const some = new Float64Array(4096);
  let id = NaN;
  let size = 0;
  for (let count = ids.fill(some); count > 0; count = ids.fill(some)) {
    for (let i = 0; i < count; i++) {
      const next = some[i] as number;
      if (next === id) size++;
      else {
        if (size > 0) yield { id, size };
        id = next;
        size = 1;
      }
    }
  }
  if (size > 0) yield { id, size };
}

/** Numbers of one tree, over those of the tree before. */
class Scratch {
  #numbers = new Float64Array();

  /** The next entries of a list. */
  read(list: NumberCursor<Float64Array>, size: number): Float64Array {
    if (this.#numbers.length < size) this.#numbers = new Float64Array(size);
    return list.take(this.#numbers.subarray(0, size));
  }
}

/** The modes that we write, a leaf's first. */
const MODE_BYTES = [MODES.leaf, MODES.split].map(bytesOf);

/** Reads the nodes of one tree after the other. */
class NodeReader {
  readonly #columns: number;
  readonly #modeList: WireList;
  readonly #ids: NumberCursor<Float64Array>;
  readonly #features: NumberCursor<Float64Array>;
  readonly #modes: NumberCursor<Int8Array>;
  readonly #thresholds: NumberCursor<Float32Array>;
  readonly #left: NumberCursor<Float64Array>;
  readonly #right: NumberCursor<Float64Array>;
  readonly #missingLeft: NumberCursor<Float64Array>;
  readonly #scratch = Array.from({ length: 5 }, () => new Scratch());
  /** Nodes of the trees before. */
  #before = 0;

  constructor(lists: Lists, columns: number) {
    this.#columns = columns;
    this.#modeList = lists.find("nodes_modes");
    this.#ids = lists.find("nodes_nodeids").ints();
    this.#features = lists.find("nodes_featureids").ints();
    this.#modes = this.#modeList.choices(MODE_BYTES);
    this.#thresholds = lists.find("nodes_values").floats();
    this.#left = lists.find("nodes_truenodeids").ints();
    this.#right = lists.find("nodes_falsenodeids").ints();
    this.#missingLeft = lists.find("nodes_missing_value_tracks_true").ints();
  }

  /** Reads tree `t`, all but its values. */
  next(size: number, targets: number, t: number): Tree {
    const tree: Tree = {
      feature: new Int32Array(size).fill(LEAF),
      threshold: this.#thresholds.take(new Float32Array(size)),
      missingLeft: new Uint8Array(size),
      left: new Int32Array(size),
      right: new Int32Array(size),
      value: new Float32Array(size * targets),
    };
    const lists = [this.#ids, this.#features, this.#left, this.#right, this.#missingLeft];
    const [ids = NONE, features = NONE, lefts = NONE, rights = NONE, missing = NONE] = lists.map(
      (list, k) => this.#scratch[k]?.read(list, size),
    );
    const modes = this.#modes.take(new Int8Array(size));
    const hasParent = new Uint8Array(size);
    for (let node = 0; node < size; node++) {
      const id = ids[node] as number;
      const mode = modes[node] as number;
      const feature = features[node] as number;
      const threshold = tree.threshold[node] as number;
      const left = lefts[node] as number;
      const right = rights[node] as number;
      const missingLeft = missing[node] as number;
      if (id !== node) throw invalidModel(`node ${node} of tree ${t} has the number ${id}`);
      if (node > 0 && hasParent[node] === 0) {
        throw invalidModel(`node ${node} of tree ${t} has no parent before it`);
      }
      if (mode === 0) {
        tree.threshold[node] = 0;
        continue;
      }
      if (mode === -1) throw this.#unknownMode(node, t);
      if (!(left > node && left < size)) throw outside("left child", left, node + 1, size, node, t);
      if (!(right > node && right < size)) {
        throw outside("right child", right, node + 1, size, node, t);
      }
      if (left === right || hasParent[left] === 1 || hasParent[right] === 1) {
        throw invalidModel(`a child of node ${node} of tree ${t} has two parents`);
      }
      if (!(feature >= 0 && feature < this.#columns)) {
        throw outside("feature", feature, 0, this.#columns, node, t);
      }
      if (missingLeft !== 0 && missingLeft !== 1) {
        throw outside("missing side", missingLeft, 0, 2, node, t);
      }
      if (!Number.isFinite(threshold)) {
        throw invalidModel(`the threshold of node ${node} of tree ${t} is ${threshold}`);
      }
      hasParent[left] = 1;
      hasParent[right] = 1;
      tree.left[node] = left;
      tree.right[node] = right;
      tree.feature[node] = feature;
      tree.missingLeft[node] = missingLeft;
    }
    this.#before += size;
    return tree;
  }

  /** Refuses nodes that belong to no tree. */
  finish(): void {
    const lists = [
      this.#ids,
      this.#features,
      this.#modes,
      this.#thresholds,
      this.#left,
      this.#right,
      this.#missingLeft,
    ];
    for (const list of lists) {
      if (!list.done) throw invalidModel(`${list.name} is longer than nodes_treeids`);
    }
  }

  #unknownMode(node: number, t: number): Error {
    const modes = this.#modeList.strings();
    for (let i = 0; i < this.#before + node; i++) modes.next();
    const mode = new TextDecoder().decode(modes.next());
    return invalidModel(`node ${node} of tree ${t} has the mode ${JSON.stringify(mode)}`);
  }
}

function outside(
  what: string,
  value: number,
  from: number,
  to: number,
  node: number,
  t: number,
): Error {
  const range = `not one of ${from} to ${to - 1}`;
  return invalidModel(`the ${what} of node ${node} of tree ${t} is ${BigInt(value)}, ${range}`);
}

const NONE = new Float64Array();

/** Hands out the leaves' values, which stand in the order of the trees and their nodes. */
class ValueReader {
  readonly #shape: Omit<Forest, "trees">;
  readonly #runs: Iterator<Run>;
  readonly #nodeIds: NumberCursor<Float64Array>;
  readonly #targets: NumberCursor<Float64Array>;
  readonly #weights: NumberCursor<Float32Array>;
  readonly #scratch = [new Scratch(), new Scratch()] as const;
  /** Values that were handed out. */
  #done = 0;
  /** The tree of the next values; undefined after the last one. */
  #run: Run | undefined;

  constructor(lists: Lists, shape: Omit<Forest, "trees">) {
    this.#shape = shape;
    this.#runs = runsOf(lists.find("target_treeids"));
    this.#nodeIds = lists.find("target_nodeids").ints();
    this.#targets = lists.find("target_ids").ints();
    this.#weights = lists.find("target_weights").floats();
    this.#run = this.#nextRun();
  }

  /** Fills in the values of tree `t`. */
  fill(tree: Tree, t: number): void {
    const run = this.#run;
    if (run?.id !== t) return;
    this.#run = this.#nextRun();
    const { targets, classes } = this.#shape;
    const size = tree.feature.length;
    const nodes = this.#scratch[0].read(this.#nodeIds, run.size);
    const targetIds = this.#scratch[1].read(this.#targets, run.size);
    const weights = this.#weights.take(new Float32Array(run.size));
    let last = -1;
    for (let i = 0; i < run.size; i++) {
      const at = this.#done++;
      const node = nodes[i] as number;
      const target = targetIds[i] as number;
      const weight = weights[i] as number;
      const cell = node * targets + target;
      if (!(node >= 0 && node < size)) {
        throw invalidModel(`the node of value ${at} is ${node}, not one of 0 to ${size - 1}`);
      }
      if (!(target >= 0 && target < targets)) {
        const range = `not one of 0 to ${targets - 1}`;
        throw invalidModel(`the target of value ${at} is ${target}, ${range}`);
      }
      if (tree.feature[node] !== LEAF) throw invalidModel(`value ${at} is not in a leaf`);
      if (cell <= last) throw invalidModel(`value ${at} is out of order or there twice`);
      if (!Number.isFinite(weight)) throw invalidModel(`value ${at} is ${weight}`);
      if (classes > 0 && (weight < 0 || weight > 1)) {
        throw invalidModel(`value ${at} is ${weight}, no part of a probability`);
      }
      last = cell;
      tree.value[cell] = weight;
    }
  }

  /** Refuses values that belong to no tree. */
  finish(): void {
    if (this.#run !== undefined) {
      throw invalidModel(`value ${this.#done} is of tree ${this.#run.id}`);
    }
    for (const list of [this.#nodeIds, this.#targets, this.#weights]) {
      if (!list.done) throw invalidModel(`${list.name} is longer than target_treeids`);
    }
  }

  #nextRun(): Run | undefined {
    const { done, value } = this.#runs.next();
    return done === true ? undefined : value;
  }
}
