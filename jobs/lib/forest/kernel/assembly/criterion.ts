// The twins of the criteria: ../../gini.ts, ../../entropy.ts, ../../variance.ts. The operations and
// their order are the same, so that every score has the same bits.
import { REGRESSION } from "../layout";
import { log2 } from "./log2";
import { classes, entropy, kind, left, total } from "./state";

/** Two classes of `all`, `second` of them in the second; `w` and `p` of these are left. */
@inline
export function binaryScore(w: f64, p: f64, all: f64, second: f64): f64 {
  const apart = p * all - second * w;
  return apart * apart / (w * (all - w));
}

@inline
export function binaryGain(score: f64, all: f64): f64 {
  return 2 * score / all;
}

/** The score of `left` within `total`. */
export function splitScore(): f64 {
  if (kind == REGRESSION) return varianceScore();
  if (entropy) return entropyScore();
  if (classes == 2) {
    const w = load<f64>(left) + load<f64>(left, 8);
    const all = load<f64>(total) + load<f64>(total, 8);
    return binaryScore(w, load<f64>(left, 8), all, load<f64>(total, 8));
  }
  return giniScore();
}

export function gain(score: f64): f64 {
  if (kind == REGRESSION) {
    const sum = load<f64>(total, 8);
    return atLeastZero(score - sum * sum / load<f64>(total));
  }
  let sum: f64 = 0;
  if (entropy) {
    for (let k: usize = 0; k < classes; k++) sum += timesLog(load<f64>(total + 8 * k));
    return atLeastZero(score - (sum - timesLog(weightOf(total))));
  }
  if (classes == 2) return binaryGain(score, weightOf(total));
  for (let k: usize = 0; k < classes; k++) {
    const weight = load<f64>(total + 8 * k);
    sum += weight * weight;
  }
  return atLeastZero(score - sum / weightOf(total));
}

/** The weight of a summary. */
export function weightOf(summary: usize): f64 {
  if (kind == REGRESSION) return load<f64>(summary);
  let sum: f64 = 0;
  for (let k: usize = 0; k < classes; k++) sum += load<f64>(summary + 8 * k);
  return sum;
}

function giniScore(): f64 {
  let leftTotal: f64 = 0, leftSquares: f64 = 0, rightTotal: f64 = 0, rightSquares: f64 = 0;
  for (let k: usize = 0; k < classes; k++) {
    const inLeft = load<f64>(left + 8 * k);
    const inRight = load<f64>(total + 8 * k) - inLeft;
    leftTotal += inLeft;
    leftSquares += inLeft * inLeft;
    rightTotal += inRight;
    rightSquares += inRight * inRight;
  }
  return leftSquares / leftTotal + rightSquares / rightTotal;
}

function entropyScore(): f64 {
  let leftTotal: f64 = 0, leftSum: f64 = 0, rightTotal: f64 = 0, rightSum: f64 = 0;
  for (let k: usize = 0; k < classes; k++) {
    const inLeft = load<f64>(left + 8 * k);
    const inRight = load<f64>(total + 8 * k) - inLeft;
    leftTotal += inLeft;
    leftSum += timesLog(inLeft);
    rightTotal += inRight;
    rightSum += timesLog(inRight);
  }
  if (leftTotal == 0 || rightTotal == 0) return NaN;
  return (leftSum - timesLog(leftTotal)) + (rightSum - timesLog(rightTotal));
}

function varianceScore(): f64 {
  const leftSum = load<f64>(left, 8);
  const rightSum = load<f64>(total, 8) - leftSum;
  const leftWeight = load<f64>(left);
  const rightWeight = load<f64>(total) - leftWeight;
  return leftSum * leftSum / leftWeight + rightSum * rightSum / rightWeight;
}

@inline
function timesLog(weight: f64): f64 {
  return weight > 0 ? weight * log2(weight) : 0;
}

@inline
function atLeastZero(value: f64): f64 {
  return value > 0 ? value : 0;
}
