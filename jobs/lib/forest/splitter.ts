/**
 * The splitter: the best split of a node among columns drawn at random.
 *
 * @module
 */

import type { Criterion, WeightedRows } from "./criterion.ts";
import { Histogram } from "./histogram.ts";
import { MISSING_CODE, type QuantisedColumn } from "./quantise.ts";
import { Random } from "./random.ts";

/** A split: rows with `1 ≤ code ≤ bin` go left, other codes right, missing as `missingLeft` says. */
export interface Split {
  readonly column: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Score of both sides together, see {@linkcode Criterion.splitScore}. */
  readonly score: number;
}

/** A node that is to be split. */
export interface NodeRows extends WeightedRows {
  /** Summary of the node's rows, from `Criterion.summarise`. */
  readonly total: Float64Array;
}

/** What a splitter is made from. */
export interface SplitterOptions {
  /** How many columns a node looks at. */
  readonly maxFeatures: number;
  /** Least rows on a side; rows count once, however heavy. */
  readonly minSamplesLeaf: number;
}

/** Finds splits. */
export class Splitter {
  readonly #columns: readonly QuantisedColumn[];
  readonly #criterion: Criterion;
  readonly #options: SplitterOptions;
  readonly #histogram: Histogram;
  readonly #left: Float64Array;
  /** The columns' numbers in ascending order, but for the draws of the node at hand. */
  readonly #order: Int32Array;
  readonly #swapped: number[] = [];

  constructor(
    columns: readonly QuantisedColumn[],
    criterion: Criterion,
    options: SplitterOptions,
  ) {
    this.#columns = columns;
    this.#criterion = criterion;
    this.#options = options;
    this.#histogram = new Histogram(criterion);
    this.#left = new Float64Array(criterion.size);
    this.#order = Int32Array.from(columns.keys());
  }

  /**
   * The best split among `maxFeatures` columns drawn without replacement; while all drawn ones are
   * constant in the node, more are drawn. Of equally good splits the first met wins: columns in the
   * order drawn, missing right before missing left, bins ascending.
   *
   * @param seed The node's.
   * @returns undefined if none of them leaves enough rows on both sides.
   */
  best(node: NodeRows, seed: number): Split | undefined {
    const random = new Random(seed);
    let best: Split | undefined;
    let varying = 0;
    const columns = this.#columns.length;
    for (let drawn = 0; drawn < columns; drawn++) {
      if (drawn >= this.#options.maxFeatures && varying > 0) break;
      const column = this.#draw(drawn, random);
      const { codes } = this.#columns[column] as QuantisedColumn;
      if (isConstant(codes, node)) continue;
      varying++;
      this.#histogram.fill(codes, node);
      best = this.#scan(column, node, best);
      this.#histogram.clear();
    }
    this.#undoDraws();
    return best;
  }

  #scan(column: number, node: NodeRows, best: Split | undefined): Split | undefined {
    const missing = this.#histogram.counts[MISSING_CODE] as number;
    const better = this.#scanSide(column, node, false, best);
    return missing > 0 ? this.#scanSide(column, node, true, better) : better;
  }

  /** Tries every boundary between occupied bins, with the missing rows on the given side. */
  #scanSide(
    column: number,
    node: NodeRows,
    missingLeft: boolean,
    best: Split | undefined,
  ): Split | undefined {
    const { counts } = this.#histogram;
    const { edges, bounded } = this.#columns[column] as QuantisedColumn;
    const { minSamplesLeaf } = this.#options;
    const rows = node.end - node.start;
    const missing = counts[MISSING_CODE] as number;
    const left = this.#left.fill(0);
    let inLeft = 0;
    if (missingLeft) {
      inLeft = missing;
      this.#histogram.addTo(left, MISSING_CODE);
    }
    let found = best;
    let highest = best?.score ?? -Infinity;
    for (let code = 1; code !== 0;) {
      const count = counts[code] as number;
      if (count > 0) {
        inLeft += count;
        this.#histogram.addTo(left, code);
      }
      if (rows - inLeft < minSamplesLeaf) break;
      const next = nextOccupied(counts, code + 1, edges.length + 1);
      const possible = next > 0 || bounded;
      if (count > 0 && inLeft >= minSamplesLeaf && possible) {
        const score = this.#criterion.splitScore(left, node.total);
        if (score > highest) {
          highest = score;
          const bin = next > 0 ? (code + next - 1) >> 1 : edges.length + 1;
          const toLeft = missing > 0 ? missingLeft : this.#isHeavier(left, node.total);
          found = { column, bin, missingLeft: toLeft, score };
        }
      }
      code = next;
    }
    return found;
  }

  /** Where nothing is missing in the node, missing goes the way that most go. */
  #isHeavier(left: Float64Array, total: Float64Array): boolean {
    const leftWeight = this.#criterion.weight(left);
    return leftWeight > this.#criterion.weight(total) - leftWeight;
  }

  /** Draws the next column: step `drawn` of a Fisher–Yates shuffle. */
  #draw(drawn: number, random: Random): number {
    const other = drawn + random.below(this.#order.length - drawn);
    this.#swap(drawn, other);
    this.#swapped.push(other);
    return this.#order[drawn] as number;
  }

  /** So that a node's draws depend on its seed only. */
  #undoDraws(): void {
    for (let i = this.#swapped.length - 1; i >= 0; i--) this.#swap(i, this.#swapped[i] as number);
    this.#swapped.length = 0;
  }

  #swap(i: number, j: number): void {
    const held = this.#order[i] as number;
    this.#order[i] = this.#order[j] as number;
    this.#order[j] = held;
  }
}

function isConstant(codes: Uint8Array, node: NodeRows): boolean {
  const { rows, start, end } = node;
  const first = codes[rows[start] as number];
  for (let i = start + 1; i < end; i++) {
    if (codes[rows[i] as number] !== first) return false;
  }
  return true;
}

/** The first code from `code` to `last` with rows, or 0. */
function nextOccupied(counts: Int32Array, code: number, last: number): number {
  for (let c = code; c <= last; c++) if ((counts[c] as number) > 0) return c;
  return 0;
}
