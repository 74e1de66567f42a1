/**
 * The builder: grows one tree, depth first, by splitting its rows again and again.
 *
 * @module
 */

import type { Sample } from "./bootstrap.ts";
import type { Criterion } from "./criterion.ts";
import type { Tree } from "./forest.ts";
import { MAX_FLOAT32, type QuantisedColumn } from "./quantise.ts";
import { deriveSeed } from "./random.ts";
import { type NodeRows, type Split, Splitter, type SplitterOptions } from "./splitter.ts";
import { TreeTable } from "./tree_table.ts";

/** What a builder is made from. */
export interface BuilderOptions extends SplitterOptions {
  /** Levels below the root; 0 means no limit. */
  readonly maxDepth: number;
}

/** A node that waits: its rows, its level and the seed of its draws. */
interface Pending {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly seed: number;
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
   * Grows a tree. A node stays a leaf if it is pure, as deep as allowed, too small, or has no split;
   * a split that gains nothing is taken, since its children may gain (exclusive or).
   *
   * @param tree Its number.
   * @param sample Its rows, which are reordered.
   * @param seed Decides which columns its nodes look at.
   * @param decrease Receives, added per column, how much the splits lowered the weighted impurity.
   */
  build(tree: number, sample: Sample, seed: number, decrease: Float64Array): Tree {
    this.#table.reset();
    // Pending nodes hold disjoint rows, one at least: the stack cannot outgrow the rows.
    const pending: Pending[] = [{ node: 0, start: 0, end: sample.rows.length, depth: 0, seed }];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const total = this.#total;
      const node = { ...sample, start: at.start, end: at.end, total };
      this.#criterion.summarise(node, total);
      const split = this.#findSplit(node, at.depth, at.seed);
      if (split === undefined) {
        this.#table.setLeaf(at.node, this.#criterion.leaf(total, tree));
        continue;
      }
      const gain = Math.max(0, split.score - this.#criterion.score(total));
      decrease[split.column] = (decrease[split.column] as number) + gain;
      const left = this.#table.split(
        at.node,
        split.column,
        this.#thresholdOf(split),
        split.missingLeft,
      );
      const middle = this.#partition(sample.rows, at, split);
      const depth = at.depth + 1;
      pending.push(
        { node: left + 1, start: middle, end: at.end, depth, seed: deriveSeed(at.seed, 1) },
        { node: left, start: at.start, end: middle, depth, seed: deriveSeed(at.seed, 0) },
      );
    }
    return this.#table.toTree();
  }

  #findSplit(node: NodeRows, depth: number, seed: number): Split | undefined {
    const { maxDepth, minSamplesLeaf } = this.#options;
    if (maxDepth > 0 && depth >= maxDepth) return undefined;
    if (node.end - node.start < 2 * minSamplesLeaf || this.#criterion.isPure(node)) {
      return undefined;
    }
    return this.#splitter.best(node, seed);
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
