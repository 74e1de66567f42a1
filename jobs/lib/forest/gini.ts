/**
 * Gini's impurity, `W - Σₖ wₖ²/W` for class weights `wₖ` that sum to `W`.
 *
 * @module
 */

import { ClassCriterion } from "./class_criterion.ts";

/** Any number of classes: the score of a side is `Σₖ wₖ²/W`. */
export class Gini extends ClassCriterion {
  splitScore(left: Float64Array, total: Float64Array): number {
    let leftTotal = 0;
    let leftSquares = 0;
    let rightTotal = 0;
    let rightSquares = 0;
    for (let k = 0; k < this.size; k++) {
      const inLeft = left[k] as number;
      const inRight = (total[k] as number) - inLeft;
      leftTotal += inLeft;
      leftSquares += inLeft * inLeft;
      rightTotal += inRight;
      rightSquares += inRight * inRight;
    }
    return leftSquares / leftTotal + rightSquares / rightTotal;
  }

  gain(splitScore: number, total: Float64Array): number {
    let squares = 0;
    for (let k = 0; k < this.size; k++) squares += (total[k] as number) * (total[k] as number);
    return Math.max(0, splitScore - squares / this.weight(total));
  }
}

/**
 * Two classes: of `W`, `P` in the second class, `w` and `p` are left. The gain is then a single
 * fraction, `2·(p·W - P·w)² / (w·(W - w)·W)`, which is not the difference of two large numbers and
 * costs one division; the score leaves out what is the same for all splits.
 */
export class BinaryGini extends ClassCriterion {
  splitScore(left: Float64Array, total: Float64Array): number {
    const leftWeight = (left[0] as number) + (left[1] as number);
    const weight = (total[0] as number) + (total[1] as number);
    const apart = (left[1] as number) * weight - (total[1] as number) * leftWeight;
    return apart * apart / (leftWeight * (weight - leftWeight));
  }

  gain(splitScore: number, total: Float64Array): number {
    return 2 * splitScore / this.weight(total);
  }
}
