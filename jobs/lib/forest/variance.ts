/**
 * Variance, `Σ w·y² - (Σ w·y)²/W` for labels `y` of weights `w` that sum to `W`.
 *
 * @module
 */

import type { Criterion, WeightedRows } from "./criterion.ts";
import type { TrainingSet } from "./forest.ts";
import { sameLabel, sumRows } from "./class_criterion.ts";

/**
 * A summary is the weight and the weighted sum of the labels, these counted from the mean of the node:
 * the difference of two large squares would lose the digits that tell splits apart. The score of a
 * side is `(Σ w·y)²/W`.
 */
export class Variance implements Criterion {
  readonly size = 2;
  readonly targets = 1;
  readonly #labels: Float64Array;
  readonly #trees: number;
  readonly #value = new Float64Array(1);
  /** What labels are counted from. */
  #origin = 0;

  constructor(set: TrainingSet, trees: number) {
    this.#labels = Float64Array.from(set.labels);
    this.#trees = trees;
  }

  summarise(node: WeightedRows, total: Float64Array): void {
    this.#origin = 0;
    sumRows(this, node, total);
    this.#origin = (total[1] as number) / (total[0] as number);
    // Not 0: the mean was rounded, and the rest of it is what makes left and right add up.
    sumRows(this, node, total);
  }

  add(summaries: Float64Array, at: number, row: number, weight: number): void {
    const label = (this.#labels[row] as number) - this.#origin;
    summaries[at] = (summaries[at] as number) + weight;
    summaries[at + 1] = (summaries[at + 1] as number) + weight * label;
  }

  weight(summary: Float64Array): number {
    return summary[0] as number;
  }

  splitScore(left: Float64Array, total: Float64Array): number {
    const leftSum = left[1] as number;
    const rightSum = (total[1] as number) - leftSum;
    const leftWeight = left[0] as number;
    const rightWeight = (total[0] as number) - leftWeight;
    return leftSum * leftSum / leftWeight + rightSum * rightSum / rightWeight;
  }

  gain(splitScore: number, total: Float64Array): number {
    const sum = total[1] as number;
    return Math.max(0, splitScore - sum * sum / (total[0] as number));
  }

  isPure(node: WeightedRows): boolean {
    return sameLabel(this.#labels, node);
  }

  leaf(summary: Float64Array): Float64Array {
    const mean = this.#origin + (summary[1] as number) / (summary[0] as number);
    return this.#value.fill(mean / this.#trees);
  }
}
