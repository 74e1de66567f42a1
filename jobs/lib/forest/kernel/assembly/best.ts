// The best split of the node at hand, so far.
import { bounded, bins } from "./state";

export let bestScore: f64 = 0;
export let bestColumn: u32 = 0;
export let bestBin: u32 = 0;
export let bestMissingLeft: bool = false;
/** Weight that goes left, and weight of the second class in it; binary records only. */
export let bestWeight: u32 = 0;
export let bestSecond: u32 = 0;

// Of the column that is looked at.
export let scanned: u32 = 0;
export let lastCode: u32 = 0;
/** False if +Infinity occurs: then no threshold has all but the missing on its left. */
export let isBounded: bool = false;

/** Begins a node. */
export function forgetBest(): void {
  bestScore = -Infinity;
}

/** Begins a column. */
export function openColumn(column: u32): void {
  scanned = column;
  lastCode = load<u8>(bins + column);
  isBounded = load<u8>(bounded + column) != 0;
}

/** Takes a better boundary, behind the bin `code`; of binary records. */
@inline
export function keepBoundary(score: f64, code: u32, missingLeft: bool, weight: u32, second: u32): void {
  bestScore = score;
  bestBin = code;
  bestMissingLeft = missingLeft;
  bestWeight = weight;
  bestSecond = second;
}

/**
 * Makes the boundary that was kept last a split: its bin is the one in the middle between the occupied
 * ones, `next` being the second; where nothing is missing in the node, missing goes the way that most go.
 *
 * @param all The node's weight
 */
@inline
export function settleBinary(next: u32, hasMissing: bool, all: u32): void {
  settle(bestBin, next, hasMissing ? bestMissingLeft : bestWeight > all - bestWeight);
}

@inline
export function keep(score: f64, code: u32, next: u32, missingLeft: bool): void {
  bestScore = score;
  settle(code, next, missingLeft);
}

@inline
function settle(code: u32, next: u32, missingLeft: bool): void {
  bestColumn = scanned;
  bestBin = next <= lastCode ? (code + next - 1) >> 1 : lastCode;
  bestMissingLeft = missingLeft;
}
