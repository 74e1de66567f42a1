/**
 * The trees of someone else's ensemble as ours. Their nodes may stand in any order, compare in any way
 * and be numbered as their exporter liked.
 *
 * @module
 */

import type { Tree } from "../forest.ts";
import type { Cursor, WireList } from "../onnx/lists.ts";
import { LEAF } from "../tree_table.ts";
import { type Branch, branchOf, type Mode, modeOf, type Test } from "./branch.ts";
import { Unsupported } from "./unsupported.ts";

/** A column that trees compare: one of the ensemble's input, or what a test makes of it. */
export interface SourceColumn {
  readonly index: number;
  readonly test?: Test;
}

/** Trees, and what they compare. */
export interface ForeignTrees {
  /** Their features are indices of `columns`. */
  readonly trees: readonly Tree[];
  readonly columns: readonly SourceColumn[];
}

/** What a node says, except its place. */
interface Node {
  readonly id: number;
  readonly mode: Mode;
  readonly feature: number;
  readonly value: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly tracksTrue: boolean;
}

/** A value of a leaf. */
interface LeafValue {
  readonly node: number;
  readonly target: number;
  readonly weight: number;
}

/**
 * Reads an ensemble's trees.
 *
 * @param of What the attributes of the leaves' values are called.
 * @param targets Values a leaf holds.
 * @param targetOf The place of a target's id among them.
 * @throws {Unsupported} For what our trees cannot say, such as nodes with two parents.
 */
export function readForeignTrees(
  lists: readonly WireList[],
  of: "class" | "target",
  targets: number,
  targetOf: (id: number) => number,
): ForeignTrees {
  const named = new Map(lists.map((list) => [list.name, list]));
  const nodes = nodeReader(named);
  const values = valueReader(named, of);
  const columns = new ColumnTable();
  const trees: Tree[] = [];
  for (const { id, size } of runsOf(find(named, "nodes_treeids").ints())) {
    const ofTree = Array.from({ length: size }, nodes.next);
    trees.push(new TreeCopy(ofTree, columns, targets).copy(values(id), targetOf));
  }
  nodes.finish();
  if (values(undefined).length > 0) throw new Unsupported("values of trees that are not there");
  return { trees, columns: columns.list };
}

function find(lists: ReadonlyMap<string, WireList>, name: string): WireList {
  const list = lists.get(name);
  if (list === undefined) throw new Unsupported(`${name} is missing`);
  return list;
}

/** The trees' ids and numbers of nodes. */
function runsOf(ids: Cursor<number>): { readonly id: number; readonly size: number }[] {
  const runs: { id: number; size: number }[] = [];
  const seen = new Set<number>();
  while (!ids.done) {
    const id = ids.next();
    const run = runs.at(-1);
    if (run?.id === id) {
      run.size++;
      continue;
    }
    if (seen.has(id)) throw new Unsupported("a tree's nodes are not together");
    seen.add(id);
    runs.push({ id, size: 1 });
  }
  return runs;
}

/** Reads one node after the other. */
function nodeReader(lists: ReadonlyMap<string, WireList>): { next(): Node; finish(): void } {
  const ids = find(lists, "nodes_nodeids").ints();
  const modes = find(lists, "nodes_modes").strings();
  const features = find(lists, "nodes_featureids").ints();
  const values = find(lists, "nodes_values").floats();
  const whenTrue = find(lists, "nodes_truenodeids").ints();
  const whenFalse = find(lists, "nodes_falsenodeids").ints();
  const tracks = lists.get("nodes_missing_value_tracks_true")?.ints();
  // An empty list says of no node that it tracks.
  const tracking = tracks?.done === false ? tracks : undefined;
  const all = [ids, modes, features, values, whenTrue, whenFalse, ...tracking ? [tracking] : []];
  return {
    next: () => ({
      id: ids.next(),
      mode: modeOf(modes.next()),
      feature: features.next(),
      value: values.next(),
      whenTrue: whenTrue.next(),
      whenFalse: whenFalse.next(),
      tracksTrue: tracking !== undefined && tracking.next() === 1,
    }),
    finish: () => {
      if (!all.every((list) => list.done)) throw new Unsupported("lists of different lengths");
    },
  };
}

/** Reads the values of one tree after the other. `undefined` asks for what is left. */
function valueReader(
  lists: ReadonlyMap<string, WireList>,
  of: "class" | "target",
): (tree: number | undefined) => LeafValue[] {
  const trees = find(lists, `${of}_treeids`).ints();
  const nodes = find(lists, `${of}_nodeids`).ints();
  const targets = find(lists, `${of}_ids`).ints();
  const weights = find(lists, `${of}_weights`).floats();
  const nextTree = () => trees.done ? undefined : trees.next();
  let tree = nextTree();
  return (wanted) => {
    const values: LeafValue[] = [];
    while (tree !== undefined && (wanted === undefined || tree === wanted)) {
      values.push({ node: nodes.next(), target: targets.next(), weight: weights.next() });
      tree = nextTree();
    }
    return values;
  };
}

/** The columns that are compared, each once. */
class ColumnTable {
  readonly list: SourceColumn[] = [];
  readonly #known = new Map<string, number>();

  find(index: number, test: Test | undefined): number {
    const key = `${index} ${JSON.stringify(test, (_, x) => Object.is(x, -Infinity) ? "-" : x)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.list.length);
    return this.list.push(test === undefined ? { index } : { index, test }) - 1;
  }
}

/** Copies one tree, level by level from its root. */
class TreeCopy {
  readonly #nodes: readonly Node[];
  readonly #columns: ColumnTable;
  readonly #targets: number;
  /** Index of each node by its id. */
  readonly #places: ReadonlyMap<number, number>;
  readonly #tree: Tree;
  /** Nodes that were joined with the one before. */
  #joined = 0;

  constructor(nodes: readonly Node[], columns: ColumnTable, targets: number) {
    const size = nodes.length;
    this.#nodes = nodes;
    this.#columns = columns;
    this.#targets = targets;
    this.#places = new Map(nodes.map(({ id }, i) => [id, i]));
    if (this.#places.size !== size) throw new Unsupported("two nodes of one id");
    this.#tree = {
      feature: new Int32Array(size).fill(LEAF),
      threshold: new Float32Array(size),
      missingLeft: new Uint8Array(size),
      left: new Int32Array(size),
      right: new Int32Array(size),
      value: new Float32Array(size * targets),
    };
  }

  copy(values: readonly LeafValue[], targetOf: (id: number) => number): Tree {
    const order = new Int32Array(this.#nodes.length);
    const copied = new Int32Array(this.#nodes.length).fill(-1);
    order[0] = this.#root();
    copied[order[0]] = 0;
    let placed = 1;
    for (let at = 0; at < placed; at++) {
      const node = this.#nodes[order[at] as number] as Node;
      if (node.mode === "LEAF") continue;
      for (const child of this.#addBranch(at, node, placed)) {
        if (copied[child] !== -1) throw new Unsupported("a node with two parents");
        copied[child] = placed;
        order[placed++] = child;
      }
    }
    if (placed + this.#joined !== this.#nodes.length) {
      throw new Unsupported("nodes that no row reaches");
    }
    this.#addValues(values, copied, targetOf);
    return this.#joined === 0 ? this.#tree : cut(this.#tree, placed, this.#targets);
  }

  /** The one node that is nobody's child. */
  #root(): number {
    const children = new Set(
      this.#nodes.flatMap(({ mode, whenTrue, whenFalse }) =>
        mode === "LEAF" ? [] : [whenTrue, whenFalse]
      ),
    );
    const roots = [...this.#nodes.keys()].filter((i) => !children.has(this.#nodes[i]?.id ?? NaN));
    const [root] = roots;
    if (root === undefined || roots.length > 1) throw new Unsupported("a tree without one root");
    return root;
  }

  /** Fills in an inner node. @returns Its left and right child in the original. */
  #addBranch(at: number, node: Node, placed: number): readonly [number, number] {
    const { mode, feature, value, whenTrue, tracksTrue } = node;
    if (mode === "LEAF") throw new TypeError("a leaf has no branches");
    if (!(feature >= 0)) throw new Unsupported(`feature ${feature}`);
    const { test, threshold, swapped, missingLeft, whenFalse } = mode === "BRANCH_EQ"
      ? this.#joinChain(node)
      : { ...branchOf(mode, value, tracksTrue), whenFalse: node.whenFalse };
    this.#tree.feature[at] = this.#columns.find(feature, test);
    this.#tree.threshold[at] = threshold;
    this.#tree.missingLeft[at] = missingLeft ? 1 : 0;
    this.#tree.left[at] = placed;
    this.#tree.right[at] = placed + 1;
    const yes = this.#places.get(whenTrue);
    const no = this.#places.get(whenFalse);
    if (yes === undefined || no === undefined) throw new Unsupported("a child that is not there");
    return swapped ? [no, yes] : [yes, no];
  }

  /** LightGBM's sets of categories: "is it a? else is it b? else …" with one child for all of them. */
  #joinChain(first: Node): Branch & { readonly whenFalse: number } {
    const among = [first.value];
    let last = first;
    let missingLeft = first.tracksTrue;
    for (;;) {
      const next = this.#nodes[this.#places.get(last.whenFalse) ?? -1];
      const continues = next?.mode === "BRANCH_EQ" && next.feature === first.feature &&
        next.whenTrue === first.whenTrue && this.#joined < this.#nodes.length;
      if (!continues) break;
      this.#joined++;
      among.push(next.value);
      missingLeft ||= next.tracksTrue;
      last = next;
    }
    const test = { among: among.toSorted((a, b) => a - b) };
    return { test, threshold: 0, swapped: false, missingLeft, whenFalse: last.whenFalse };
  }

  #addValues(
    values: readonly LeafValue[],
    copied: Int32Array,
    targetOf: (id: number) => number,
  ): void {
    const given = new Set<number>();
    for (const { node, target, weight } of values) {
      const at = copied[this.#places.get(node) ?? -1];
      if (at === undefined || this.#tree.feature[at] !== LEAF) {
        throw new Unsupported("a value outside a leaf");
      }
      const cell = at * this.#targets + targetOf(target);
      if (given.has(cell)) throw new Unsupported("two values of one leaf and target");
      given.add(cell);
      this.#tree.value[cell] = weight;
    }
  }
}

/** The first nodes of a tree. */
function cut(tree: Tree, size: number, targets: number): Tree {
  return {
    feature: tree.feature.slice(0, size),
    threshold: tree.threshold.slice(0, size),
    missingLeft: tree.missingLeft.slice(0, size),
    left: tree.left.slice(0, size),
    right: tree.right.slice(0, size),
    value: tree.value.slice(0, size * targets),
  };
}
