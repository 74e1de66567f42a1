/**
 * What the criteria have in common.
 *
 * @module
 */

import type { Criterion, WeightedRows } from "./criterion.ts";
import type { TrainingSet } from "./forest.ts";
import { divideShare, shareOf } from "./shares.ts";

/** Writes the summary of a node's rows, added up in their order. */
export function sumRows(
  criterion: Criterion,
  { rows, start, end, weights }: WeightedRows,
  total: Float64Array,
): void {
  total.fill(0);
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    criterion.add(total, 0, row, weights[row] as number);
  }
}

/** True if all rows have the same label. */
export function sameLabel(
  labels: TrainingSet["labels"],
  { rows, start, end }: WeightedRows,
): boolean {
  const first = labels[rows[start] as number];
  for (let i = start + 1; i < end; i++) {
    if (labels[rows[i] as number] !== first) return false;
  }
  return true;
}

/** The criteria for classes: a summary is the weight of each, whole numbers, so that sums are exact. */
export abstract class ClassCriterion implements Criterion {
  readonly size: number;
  readonly targets: number;
  readonly #labels: TrainingSet["labels"];
  readonly #trees: number;
  readonly #values: Float64Array;

  constructor(set: TrainingSet, trees: number) {
    this.size = set.classes;
    this.targets = set.classes === 2 ? 1 : set.classes;
    this.#trees = trees;
    this.#values = new Float64Array(set.classes);
    this.#labels = set.labels;
  }

  abstract splitScore(left: Float64Array, total: Float64Array): number;
  abstract gain(splitScore: number, total: Float64Array): number;

  summarise(node: WeightedRows, total: Float64Array): void {
    sumRows(this, node, total);
  }

  add(summaries: Float64Array, at: number, row: number, weight: number): void {
    const cell = at + (this.#labels[row] as number);
    summaries[cell] = (summaries[cell] as number) + weight;
  }

  weight(summary: Float64Array): number {
    let sum = 0;
    for (let k = 0; k < this.size; k++) sum += summary[k] as number;
    return sum;
  }

  isPure(node: WeightedRows): boolean {
    return sameLabel(this.#labels, node);
  }

  leaf(summary: Float64Array, tree: number): Float64Array {
    divideShare(summary, shareOf(tree, this.#trees), this.#values);
    return this.size === 2 ? this.#values.subarray(1) : this.#values;
  }
}
