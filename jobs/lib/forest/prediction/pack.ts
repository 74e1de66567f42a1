/**
 * A forest in the form that the kernel walks: an image of its part of the kernel's memory.
 *
 * @module
 */

import type { Forest, Tree } from "../forest.ts";
import { LEAF } from "../tree_table.ts";
import { type Binning, BinPlan, comparison, MOST_EDGES } from "./bins.ts";
import {
  type Layout,
  layoutOf,
  PLACES,
  Reserve,
  SEGMENT,
  TOP_BYTES,
  TOP_LEVELS,
  TREE_BYTES,
} from "./layout.ts";

/** Rows that go through all trees before the next ones: they stay in the cache. */
const BLOCK = 1024;
/**
 * The same where a tree itself is larger than the cache, and each walk through it must count: more than
 * the 10,000 rows that are scored at once.
 */
const LARGE_BLOCK = 10_240;
/** Nodes of such a tree. */
const LARGE_TREE = 4096;
/** A child must be nearer, so that the distance has 16 bits. */
const MOST_DISTANCE = 2 ** 16;
/** Largest image; WebAssembly's memory ends at 4 GiB. */
const MOST_BYTES = 2 ** 31;

/** A forest, ready for the kernel. */
export interface PackedForest {
  readonly layout: Layout;
  /** What lies at `layout.forest`. */
  readonly image: Uint8Array;
  readonly binnings: readonly PackedBinning[];
  /** Address of the table of trees. */
  readonly trees: number;
  readonly treeCount: number;
  /** Address of the leaves' values of several targets. */
  readonly leafValues: number;
}

/** A quantisation and where its edges are. */
export interface PackedBinning extends Binning {
  readonly address: number;
}

/** Packs a forest; undefined if it has too many thresholds or too large trees for this form. */
export function packForest(forest: Forest): PackedForest | undefined {
  const plan = BinPlan.of(forest);
  if (plan === undefined) return undefined;
  const width = forest.targets === 1 ? 1 : Math.ceil(forest.targets / 4) * 4;
  const nodes = forest.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const large = nodes > LARGE_TREE * forest.trees.length;
  const layout = layoutOf(large ? LARGE_BLOCK : BLOCK, Math.max(1, plan.slots), width);
  const image = new Image(layout, plan, forest, nodes);
  if (!image.fits || !forest.trees.every((tree, t) => image.addTree(tree, t))) return undefined;
  return image.packed();
}

class Image {
  readonly #layout: Layout;
  readonly #plan: BinPlan;
  readonly #forest: Forest;
  readonly #binnings: readonly PackedBinning[];
  readonly #trees: number;
  readonly #tops: number;
  readonly #nodes: number;
  readonly #values: number;
  readonly #leafValues: number;
  readonly #bytes: number;
  #image = new DataView(new ArrayBuffer(0));
  /** The image again, as what it mostly holds. */
  #words = new Uint32Array();
  #floats = new Float32Array();
  /** The nodes of a tree in the order in which they are packed. */
  #order = new Int32Array();
  #nodesDone = 0;
  #leavesDone = 0;

  constructor(layout: Layout, plan: BinPlan, forest: Forest, nodes: number) {
    const reserve = new Reserve(layout.forest);
    const { width } = layout;
    // Every tree has one leaf more than inner nodes.
    const leaves = (nodes + forest.trees.length) / 2;
    this.#layout = layout;
    this.#plan = plan;
    this.#forest = forest;
    this.#binnings = plan.binnings.map((binning) => ({
      ...binning,
      address: reserve.take(4 * (SEGMENT + SEGMENT * SEGMENT)),
    }));
    this.#trees = reserve.take(TREE_BYTES * forest.trees.length);
    this.#tops = reserve.take(TOP_BYTES * forest.trees.length);
    this.#nodes = reserve.take(4 * nodes);
    this.#values = reserve.take(4 * nodes);
    this.#leafValues = reserve.take(width === 1 ? 0 : 4 * width * leaves);
    this.#bytes = reserve.end - layout.forest;
    if (!this.fits) return;
    const buffer = new ArrayBuffer(this.#bytes);
    this.#image = new DataView(buffer);
    this.#words = new Uint32Array(buffer);
    this.#floats = new Float32Array(buffer);
    for (const binning of this.#binnings) this.#addEdges(binning);
  }

  get fits(): boolean {
    return this.#bytes <= MOST_BYTES;
  }

  packed(): PackedForest {
    return {
      layout: this.#layout,
      image: new Uint8Array(this.#image.buffer),
      binnings: this.#binnings,
      trees: this.#trees,
      treeCount: this.#forest.trees.length,
      leafValues: this.#leafValues,
    };
  }

  /** Adds tree `t`. @returns False if a child is too far from its parent. */
  addTree(tree: Tree, t: number): boolean {
    const { feature, threshold, missingLeft, left, right } = tree;
    const size = feature.length;
    // Level by level, children side by side.
    if (this.#order.length < size) this.#order = new Int32Array(size);
    const order = this.#order;
    order[0] = 0;
    const words = this.#words;
    const start = this.#nodesDone;
    const first = this.#index(this.#nodes) + start;
    let placed = 1;
    let levels = 0;
    let levelEnd = 1;
    for (let i = 0; i < placed; i++) {
      if (i === levelEnd) {
        levels++;
        levelEnd = placed;
      }
      const node = order[i] as number;
      const column = feature[node] as number;
      if (column === LEAF) {
        this.#addLeaf(tree, node, start + i);
        continue;
      }
      const distance = placed - i;
      if (distance >= MOST_DISTANCE) return false;
      const asked = this.#plan.find(column, threshold[node] as number, missingLeft[node] === 1);
      words[first + i] = distance << 16 | asked;
      order[placed++] = left[node] as number;
      order[placed++] = right[node] as number;
    }
    this.#addTop(t, start);
    const row = this.#index(this.#trees) + t * (TREE_BYTES / 4);
    words[row] = this.#tops + t * TOP_BYTES;
    words[row + 1] = this.#nodes + 4 * start;
    words[row + 2] = this.#values + 4 * start;
    words[row + 3] = Math.max(0, levels - TOP_LEVELS);
    this.#nodesDone += size;
    return true;
  }

  #addEdges({ edges, address }: PackedBinning): void {
    const from = this.#index(address);
    this.#floats.fill(Infinity, from, from + SEGMENT + SEGMENT * SEGMENT);
    this.#floats.set(edges, from + SEGMENT);
    for (let k = 0; k < SEGMENT - 1; k++) {
      this.#floats[from + k] = edges[SEGMENT * k + SEGMENT - 1] ?? Infinity;
    }
  }

  #addLeaf(tree: Tree, node: number, at: number): void {
    const { targets } = this.#forest;
    const { width } = this.#layout;
    const value = this.#index(this.#values) + at;
    if (width === 1) {
      this.#floats[value] = tree.value[node] as number;
      return;
    }
    const first = this.#leavesDone++ * width;
    this.#words[value] = first;
    const values = tree.value.subarray(node * targets, (node + 1) * targets);
    this.#floats.set(values, this.#index(this.#leafValues) + first);
  }

  /** The first levels as a complete tree: a leaf goes on to the left as itself. */
  #addTop(t: number, start: number): void {
    const { planes, block } = this.#layout;
    const first = this.#index(this.#nodes) + start;
    const top = this.#tops + t * TOP_BYTES - this.#layout.forest;
    const places = [0];
    for (let j = 0; j < PLACES - 1; j++) {
      const i = places[j] as number;
      const word = this.#words[first + i] as number;
      const asked = word === 0 ? NEVER_RIGHT : word;
      this.#image.setUint32(top + 4 * j, planes + (asked & 255) * block, true);
      // Biased as the planes are.
      this.#image.setUint8(top + 4 * PLACES + j, 127 - (asked >>> 8 & 255));
      const child = i + (word >>> 16);
      places.push(child, word === 0 ? i : child + 1);
    }
    for (let place = 0; place < PLACES; place++) {
      const node = start + (places[PLACES - 1 + place] as number);
      this.#image.setUint32(top + 5 * PLACES + 4 * place, this.#nodes + 4 * node, true);
    }
  }

  /** Of an address, the index in `#words` and `#floats`. */
  #index(address: number): number {
    return (address - this.#layout.forest) / 4;
  }
}

const NEVER_RIGHT = comparison(0, MOST_EDGES);
