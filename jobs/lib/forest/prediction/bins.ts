/**
 * Which bins a forest's comparisons need: each column's thresholds in order, 255 at a time, and a slot
 * for each 255 and each side to which missing values go.
 *
 * @module
 */

import type { Forest } from "../forest.ts";
import { LEAF } from "../tree_table.ts";

/** Most edges of one quantisation, so that a bin is a byte. */
export const MOST_EDGES = 255;
/** Most slots, so that a slot's number is a byte. */
export const MOST_SLOTS = 256;

/** One quantisation of a column. */
export interface Binning {
  /** Of the matrix. */
  readonly column: number;
  /** Ascending thresholds, at most {@linkcode MOST_EDGES}. */
  readonly edges: Float32Array;
  /** The slot where missing is the lowest bin; -1 if no node asks for it. */
  readonly left: number;
  /** The slot where missing is the highest bin; -1 if no node asks for it. */
  readonly right: number;
}

/** What a node's comparison is in bins: right if the bin in `slot` is greater than `rank`. */
export interface Comparison {
  readonly slot: number;
  /** 0 to 254. */
  readonly rank: number;
}

/** All quantisations of a forest. */
export class BinPlan {
  /** In the order of the columns. */
  readonly binnings: readonly Binning[];
  /** How many slots there are. */
  readonly slots: number;
  readonly #thresholds: readonly Float32Array[];
  /** Index in `binnings` of each column's first. */
  readonly #first: readonly number[];

  private constructor(thresholds: readonly Float32Array[], sides: Uint8Array) {
    const binnings: Binning[] = [];
    let slots = 0;
    this.#thresholds = thresholds;
    this.#first = thresholds.map((all, column) => {
      const first = binnings.length;
      for (let start = 0; start < all.length; start += MOST_EDGES) {
        const asked = sides[column] as number;
        binnings.push({
          column,
          edges: all.subarray(start, start + MOST_EDGES),
          left: asked & LEFT ? slots++ : -1,
          right: asked & RIGHT ? slots++ : -1,
        });
      }
      return first;
    });
    this.binnings = binnings;
    this.slots = slots;
  }

  /** Plans a forest; undefined if it needs more than {@linkcode MOST_SLOTS}. */
  static of(forest: Forest): BinPlan | undefined {
    const sets = Array.from({ length: forest.columns }, () => new Set<number>());
    const sides = new Uint8Array(forest.columns);
    for (const { feature, threshold, missingLeft } of forest.trees) {
      for (let node = 0; node < feature.length; node++) {
        const column = feature[node] as number;
        if (column === LEAF) continue;
        sides[column] = (sides[column] as number) | (missingLeft[node] === 1 ? LEFT : RIGHT);
        sets[column]?.add(threshold[node] as number);
      }
      const fewest = sets.reduce((sum, set) => sum + Math.ceil(set.size / MOST_EDGES), 0);
      if (fewest > MOST_SLOTS) return undefined;
    }
    // A set takes -0 for 0, as the comparison does.
    const plan = new BinPlan(sets.map((set) => Float32Array.from(set).sort()), sides);
    return plan.slots > MOST_SLOTS ? undefined : plan;
  }

  /** The comparison of a column with one of the forest's thresholds. */
  find(column: number, threshold: number, missingLeft: boolean): Comparison {
    const rank = rankOf(this.#thresholds[column] ?? EMPTY, threshold);
    const at = (this.#first[column] ?? 0) + Math.floor(rank / MOST_EDGES);
    const { left, right } = this.binnings[at] as Binning;
    return { slot: missingLeft ? left : right, rank: rank % MOST_EDGES };
  }
}

const LEFT = 1;
const RIGHT = 2;
const EMPTY = new Float32Array();

/** Where a value stands in ascending ones that contain it. */
function rankOf(values: Float32Array, value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
