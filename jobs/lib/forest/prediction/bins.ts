/**
 * Which bins a forest's comparisons need: each column's thresholds in order, 255 at a time, and a slot
 * for each 255 and each side to which missing values go.
 *
 * @module
 */

import type { Forest } from "../forest.ts";
import { LEAF } from "../tree_table.ts";
import { ThresholdTable } from "./thresholds.ts";

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

/** All quantisations of a forest. */
export class BinPlan {
  /** In the order of the columns. */
  readonly binnings: readonly Binning[];
  /** How many slots there are. */
  readonly slots: number;
  readonly #thresholds: ThresholdTable;
  /** Of each threshold, its comparison in the two slots; see {@linkcode BinPlan.find}. */
  readonly #left: Uint16Array;
  readonly #right: Uint16Array;

  private constructor(thresholds: ThresholdTable, sides: Uint8Array) {
    const binnings: Binning[] = [];
    let slots = 0;
    this.#thresholds = thresholds;
    this.#left = new Uint16Array(thresholds.count);
    this.#right = new Uint16Array(thresholds.count);
    thresholds.byColumn(sides.length).forEach((ids, column) => {
      for (let start = 0; start < ids.length; start += MOST_EDGES) {
        const some = ids.slice(start, start + MOST_EDGES);
        const asked = sides[column] as number;
        const left = asked & LEFT ? slots++ : -1;
        const right = asked & RIGHT ? slots++ : -1;
        const edges = Float32Array.from(some, (id) => thresholds.valueOf(id));
        binnings.push({ column, edges, left, right });
        some.forEach((id, rank) => {
          this.#left[id] = comparison(left, rank);
          this.#right[id] = comparison(right, rank);
        });
      }
    });
    this.binnings = binnings;
    this.slots = slots;
  }

  /** Plans a forest; undefined if it needs more than {@linkcode MOST_SLOTS}. */
  static of(forest: Forest): BinPlan | undefined {
    const thresholds = new ThresholdTable();
    const sides = new Uint8Array(forest.columns);
    for (const { feature, threshold, missingLeft } of forest.trees) {
      for (let node = 0; node < feature.length; node++) {
        const column = feature[node] as number;
        if (column === LEAF) continue;
        sides[column] = (sides[column] as number) | (missingLeft[node] === 1 ? LEFT : RIGHT);
        thresholds.add(column, threshold[node] as number);
      }
      if (thresholds.count > MOST_SLOTS * MOST_EDGES) return undefined;
    }
    const plan = new BinPlan(thresholds, sides);
    return plan.slots > MOST_SLOTS ? undefined : plan;
  }

  /** The comparison with one of the forest's thresholds, as {@linkcode comparison} has it. */
  find(column: number, threshold: number, missingLeft: boolean): number {
    const id = this.#thresholds.find(column, threshold);
    return (missingLeft ? this.#left[id] : this.#right[id]) as number;
  }
}

/**
 * What a node's comparison is in bins, in 16 bits: right if the bin in the slot, which is the lower
 * byte, is greater than the rank, which is 255 minus the upper byte.
 */
export function comparison(slot: number, rank: number): number {
  return (MOST_EDGES - rank) << 8 | slot & 255;
}

const LEFT = 1;
const RIGHT = 2;
