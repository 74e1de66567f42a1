/**
 * The builder: grows one tree by splitting its rows again and again.
 *
 * @module
 */

import type { Sample } from "./bootstrap.ts";
import type { Criterion } from "./criterion.ts";
import type { Tree } from "./forest.ts";
import { MAX_FLOAT32, type QuantisedColumn } from "./quantise.ts";
import { deriveSeed } from "./random.ts";
import { type Split, Splitter, type SplitterOptions } from "./splitter.ts";
import { TreeTable } from "./tree_table.ts";

/** What a builder is made from. */
export interface BuilderOptions extends SplitterOptions {
  /** Levels below the root; 0 means no limit. */
  readonly maxDepth: number;
  /** Fewest rows in a node that is split; 2 unless given. */
  readonly minSamplesSplit?: number;
  /** Least decrease in impurity for which a node is split; 0 unless given. */
  readonly minImpurityDecrease?: number;
  /** Most leaves; no limit unless given. */
  readonly maxLeafNodes?: number;
}

/** scikit-learn's allowance for rounding when a decrease in impurity is compared. */
const EPSILON = 2 ** -52;

/** A node that waits: its rows, its level and the seed of its draws. */
interface Pending {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly seed: number;
}

/** A node whose best split is known. */
interface Candidate extends Pending {
  readonly split: Split;
  readonly gain: number;
}

/** Grows trees on the same columns, one after the other. */
export class Builder {
  readonly #columns: readonly QuantisedColumn[];
  readonly #criterion: Criterion;
  readonly #options: BuilderOptions;
  readonly #splitter: Splitter;
  readonly #table: TreeTable;
  readonly #total: Float64Array;
  readonly #aside: Int32Array;
  #decrease: Float64Array = new Float64Array();
  #rootWeight = 0;

  constructor(columns: readonly QuantisedColumn[], criterion: Criterion, options: BuilderOptions) {
    this.#columns = columns;
    this.#criterion = criterion;
    this.#options = options;
    this.#splitter = new Splitter(columns, criterion, options);
    this.#table = new TreeTable(criterion.targets);
    this.#total = new Float64Array(criterion.size);
    this.#aside = new Int32Array(columns[0]?.codes.length ?? 0);
  }

  /**
   * Grows a tree: depth first, or with a limit of leaves always at the node that gains most. A node
   * stays a leaf if it is pure, as deep as allowed, too small, or has no split that gains enough.
   *
   * @param tree Its number.
   * @param sample Its rows, which are reordered.
   * @param seed Decides which columns its nodes look at.
   * @param decrease Receives, added per column, how much the splits lowered the weighted impurity.
   */
  build(tree: number, sample: Sample, seed: number, decrease: Float64Array): Tree {
    this.#table.reset();
    this.#decrease = decrease;
    this.#rootWeight = sample.rows.reduce((sum, row) => sum + (sample.weights[row] as number), 0);
    const root = { node: 0, start: 0, end: sample.rows.length, depth: 0, seed };
    if (this.#options.maxLeafNodes === undefined) this.#growDepthFirst(tree, sample, root);
    else this.#growBestFirst(tree, sample, root, this.#options.maxLeafNodes);
    return this.#table.toTree();
  }

  #growDepthFirst(tree: number, sample: Sample, root: Pending): void {
    // Pending nodes hold disjoint rows, one at least: the stack cannot outgrow the rows.
    const pending: Pending[] = [root];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const candidate = this.#open(tree, sample, at);
      if (candidate === undefined) continue;
      const [left, right] = this.#split(sample, candidate);
      pending.push(right, left);
    }
  }

  #growBestFirst(tree: number, sample: Sample, root: Pending, maxLeaves: number): void {
    const first = this.#open(tree, sample, root);
    const candidates = first === undefined ? [] : [first];
    for (let leaves = 1; leaves < maxLeaves && candidates.length > 0; leaves++) {
      for (const child of this.#split(sample, takeBest(candidates))) {
        const candidate = this.#open(tree, sample, child);
        if (candidate !== undefined) candidates.push(candidate);
      }
    }
  }

  /** Gives a node the values it has as a leaf, and finds out how it is split if it may be. */
  #open(tree: number, sample: Sample, at: Pending): Candidate | undefined {
    const total = this.#total;
    const node = { ...sample, start: at.start, end: at.end, total };
    this.#criterion.summarise(node, total);
    this.#table.setLeaf(at.node, this.#criterion.leaf(total, tree));
    const { maxDepth, minSamplesLeaf, minSamplesSplit = 2, minImpurityDecrease = 0 } =
      this.#options;
    if (maxDepth > 0 && at.depth >= maxDepth) return undefined;
    const rows = at.end - at.start;
    if (rows < Math.max(2 * minSamplesLeaf, minSamplesSplit)) return undefined;
    if (this.#criterion.isPure(node)) return undefined;
    const split = this.#splitter.best(node, at.seed);
    if (split === undefined) return undefined;
    const gain = this.#criterion.gain(split.score, total);
    if (gain / this.#rootWeight + EPSILON < minImpurityDecrease) return undefined;
    return { ...at, split, gain };
  }

  #split({ rows }: Sample, { split, gain, ...at }: Candidate): [Pending, Pending] {
    const { column } = split;
    this.#decrease[column] = (this.#decrease[column] as number) + gain;
    const left = this.#table.split(at.node, column, this.#thresholdOf(split), split.missingLeft);
    const middle = this.#partition(rows, at, split);
    const depth = at.depth + 1;
    return [
      { node: left, start: at.start, end: middle, depth, seed: deriveSeed(at.seed, 0) },
      { node: left + 1, start: middle, end: at.end, depth, seed: deriveSeed(at.seed, 1) },
    ];
  }

  #thresholdOf({ column, bin }: Split): number {
    // Without an edge the bin holds everything but the missing.
    return (this.#columns[column] as QuantisedColumn).edges[bin - 1] ?? MAX_FLOAT32;
  }

  /** Moves the rows that go left before the others, each in their order. @returns Where these start. */
  #partition(rows: Int32Array, { start, end }: Pending, split: Split): number {
    const { codes } = this.#columns[split.column] as QuantisedColumn;
    const aside = this.#aside;
    // Missing, code 0, becomes the greatest code where it goes right: left is then one range.
    const shift = split.missingLeft ? 0 : 1;
    const range = split.missingLeft ? split.bin : split.bin - 1;
    let middle = start;
    let others = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      const goesLeft = (((codes[row] as number) - shift) & 0xff) <= range;
      if (goesLeft) rows[middle++] = row;
      else aside[others++] = row;
    }
    rows.set(aside.subarray(0, others), middle);
    return middle;
  }
}

/** Takes out the candidate that gains most; of equal ones that with the least number. */
function takeBest(candidates: Candidate[]): Candidate {
  const best = candidates.reduce((best, each) =>
    each.gain > best.gain || (each.gain === best.gain && each.node < best.node) ? each : best
  );
  candidates.splice(candidates.indexOf(best), 1);
  return best;
}
