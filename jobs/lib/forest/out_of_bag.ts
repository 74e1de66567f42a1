/**
 * The out-of-bag score: each row is predicted by the trees that did not draw it, so that the training
 * set itself says how good the forest is on rows it has not seen.
 *
 * @see Breiman: Out-of-bag estimation, 1996
 * @module
 */

import { markNotDrawn, poissonLimits } from "./bootstrap.ts";
import { breathe } from "./breathe.ts";
import { drawsPerRow } from "./counts.ts";
import type { Forest, ForestOptions, TrainingSet } from "./forest.ts";
import { openBlock, type RowBlock } from "./prediction/mod.ts";
import { deriveSeed } from "./random.ts";

/** What the rows say of trees that did not draw them. */
export interface OutOfBag {
  /** Accuracy, or R² for regression; NaN if every tree drew every row. */
  readonly score: number;
  /** The score with the first 1, 2, … trees. */
  readonly curve: Float64Array;
  /** How many rows at least one tree did not draw. */
  readonly rows: number;
}

/** Blocks of rows before others have their turn. */
const BLOCKS_A_TURN = 16;

/**
 * Scores a forest of {@linkcode forestEngine} on the rows it was trained on: a block of rows through all
 * trees, then the next, so that what belongs to a row stays in the cache.
 *
 * @param options Those it was trained with.
 */
export async function outOfBag(
  forest: Forest,
  set: TrainingSet,
  options: Pick<ForestOptions, "seed" | "maxSamples">,
  signal?: AbortSignal,
): Promise<OutOfBag> {
  const { rows } = set.matrix;
  const limits = poissonLimits(drawsPerRow(options.maxSamples, rows));
  const seeds = forest.trees.map((_, tree) => deriveSeed(deriveSeed(options.seed, tree), 0));
  const score = set.classes > 0 ? new Accuracy(forest, set) : new Determination(forest, set);
  let turn = 0;
  for (let start = 0, size = 0; start < rows; start += size) {
    if (turn++ % BLOCKS_A_TURN === 0) await breathe(signal);
    const block = openBlock(forest, set.matrix, start);
    size = block.size;
    const out = new Uint8Array(size);
    score.open(block);
    for (const [tree, seed] of seeds.entries()) {
      markNotDrawn(rows, seed, limits, start, out);
      score.add(tree, block.valuesOf(tree), out);
    }
  }
  const curve = score.curve();
  return { score: curve.at(-1) ?? NaN, curve, rows: score.rows };
}

/** Adds up what trees say of the rows that they did not draw: block after block, each tree after tree. */
interface Score {
  /** Rows that at least one tree did not draw. */
  readonly rows: number;
  /** Begins a block of rows. */
  open(block: RowBlock): void;
  /** Takes what the next tree says of them, and which of them it did not draw. */
  add(tree: number, values: Float32Array, out: Uint8Array): void;
  /** The score with the first 1, 2, … trees. */
  curve(): Float64Array;
}

/** The part of the rows whose most probable class is theirs. */
class Accuracy implements Score {
  rows = 0;
  readonly #labels: TrainingSet["labels"];
  readonly #classes: number;
  readonly #targets: number;
  readonly #share: number;
  /** Per tree how many more rows it makes known, and right. */
  readonly #more: Int32Array;
  readonly #moreRight: Int32Array;
  #start = 0;
  #width = 1;
  #sums = new Float64Array();
  /** 0 for rows not met, 1 for those predicted wrongly, 2 for those predicted rightly. */
  #state = new Uint8Array();

  constructor(forest: Forest, set: TrainingSet) {
    this.#labels = set.labels;
    this.#classes = set.classes;
    this.#targets = forest.targets;
    this.#share = 1 / forest.trees.length;
    this.#more = new Int32Array(forest.trees.length);
    this.#moreRight = new Int32Array(forest.trees.length);
  }

  open({ start, size, width }: RowBlock): void {
    this.#start = start;
    this.#width = width;
    this.#sums = new Float64Array(size * this.#classes);
    this.#state = new Uint8Array(size);
  }

  add(tree: number, values: Float32Array, out: Uint8Array): void {
    const state = this.#state;
    let more = 0;
    let right = 0;
    for (let i = 0; i < out.length; i++) {
      if (out[i] === 0) continue;
      const before = state[i] as number;
      const isRight = this.#addRow(i, values);
      more += before === 0 ? 1 : 0;
      right += (isRight ? 1 : 0) - (before === 2 ? 1 : 0);
      state[i] = isRight ? 2 : 1;
    }
    this.rows += more;
    this.#more[tree] = (this.#more[tree] as number) + more;
    this.#moreRight[tree] = (this.#moreRight[tree] as number) + right;
  }

  curve(): Float64Array {
    let rows = 0;
    let right = 0;
    return Float64Array.from(this.#more, (more, tree) => {
      rows += more;
      right += this.#moreRight[tree] as number;
      return right / rows;
    });
  }

  /** @returns whether the most probable class is the row's, the first of several */
  #addRow(i: number, values: Float32Array): boolean {
    const sums = this.#sums;
    const label = this.#labels[this.#start + i] as number;
    const from = i * this.#width;
    if (this.#classes === 2) {
      const value = values[from] as number;
      const first = (sums[2 * i] as number) + (this.#share - value);
      const second = (sums[2 * i + 1] as number) + value;
      sums[2 * i] = first;
      sums[2 * i + 1] = second;
      return (second > first ? 1 : 0) === label;
    }
    const at = i * this.#classes;
    let best = 0;
    for (let k = 0; k < this.#targets; k++) {
      const sum = (sums[at + k] as number) + (values[from + k] as number);
      sums[at + k] = sum;
      if (sum > (sums[at + best] as number)) best = k;
    }
    return best === label;
  }
}

/** R², the part of the labels' variance that is explained. */
class Determination implements Score {
  rows = 0;
  readonly #labels: TrainingSet["labels"];
  /** Labels are taken from here on: their squares would be large beside their variance. */
  readonly #origin: number;
  /** Per tree of the rows that are known: how many, their labels, squares of those, and of the errors. */
  readonly #known: Float64Array;
  readonly #trees: number;
  #start = 0;
  #sums = new Float64Array();
  #counts = new Uint32Array();

  constructor(forest: Forest, set: TrainingSet) {
    this.#labels = set.labels;
    this.#origin = set.labels[0] ?? 0;
    this.#trees = forest.trees.length;
    this.#known = new Float64Array(4 * this.#trees);
  }

  open({ start, size }: RowBlock): void {
    this.#start = start;
    this.#sums = new Float64Array(size);
    this.#counts = new Uint32Array(size);
  }

  add(tree: number, values: Float32Array, out: Uint8Array): void {
    const known = this.#known.subarray(4 * tree, 4 * tree + 4);
    let [rows = 0, labels = 0, squares = 0, errors = 0] = known;
    for (let i = 0; i < out.length; i++) {
      if (out[i] === 1) {
        this.#sums[i] = (this.#sums[i] as number) + (values[i] as number);
        this.#counts[i] = (this.#counts[i] as number) + 1;
      }
      const count = this.#counts[i] as number;
      if (count === 0) continue;
      const label = this.#labels[this.#start + i] as number;
      // Leaves hold a tree's part of the forest's mean.
      const predicted = (this.#sums[i] as number) * this.#trees / count;
      rows++;
      labels += label - this.#origin;
      squares += (label - this.#origin) ** 2;
      errors += (label - predicted) ** 2;
    }
    known.set([rows, labels, squares, errors]);
    if (tree === this.#trees - 1) this.rows = rows;
  }

  curve(): Float64Array {
    return Float64Array.from({ length: this.#trees }, (_, tree) => {
      const [rows = 0, labels = 0, squares = 0, errors = 0] = this.#known.subarray(4 * tree);
      return 1 - errors / (squares - labels * labels / rows);
    });
  }
}
