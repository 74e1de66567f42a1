/**
 * Entropy, `W·log₂W - Σₖ wₖ·log₂wₖ` for class weights `wₖ` that sum to `W`.
 *
 * @module
 */

import { log2 } from "./log2.ts";
import { ClassCriterion } from "./class_criterion.ts";

/** The score of a side is the entropy's negative. */
export class Entropy extends ClassCriterion {
  splitScore(left: Float64Array, total: Float64Array): number {
    let leftTotal = 0;
    let leftSum = 0;
    let rightTotal = 0;
    let rightSum = 0;
    for (let k = 0; k < this.size; k++) {
      const inLeft = left[k] as number;
      const inRight = (total[k] as number) - inLeft;
      leftTotal += inLeft;
      leftSum += timesLog(inLeft);
      rightTotal += inRight;
      rightSum += timesLog(inRight);
    }
    // An empty side must not win.
    if (leftTotal === 0 || rightTotal === 0) return NaN;
    return (leftSum - timesLog(leftTotal)) + (rightSum - timesLog(rightTotal));
  }

  gain(splitScore: number, total: Float64Array): number {
    let sum = 0;
    for (let k = 0; k < this.size; k++) sum += timesLog(total[k] as number);
    return Math.max(0, splitScore - (sum - timesLog(this.weight(total))));
  }
}

function timesLog(weight: number): number {
  return weight > 0 ? weight * log2(weight) : 0;
}
