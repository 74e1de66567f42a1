// The best split of a column whose bins are summaries, of classes or of values.
import { bestScore, isBounded, keep, lastCode } from "./best";
import { splitScore, weightOf } from "./criterion";
import { clear } from "./histogram";
import { REGRESSION } from "../layout";
import { classes, counts, histograms, kind, left, minLeaf, total } from "./state";

/**
 * Tries every boundary between occupied bins: missing right, then missing left. Empties the bins.
 *
 * @returns true if the column is not constant
 */
export function scanSummaries(rows: u32): bool {
  const size = kind == REGRESSION ? 2 : classes;
  const missing = load<u32>(counts);
  const varying = load<u32>(counts + 4 * firstOccupied(0)) != rows;
  if (varying) {
    scanSide(rows, size, false);
    if (missing > 0) scanSide(rows, size, true);
  }
  clear(histograms, (lastCode + 1) * size * 8);
  clear(counts, (lastCode + 1) * 4);
  return varying;
}

function scanSide(rows: u32, size: u32, missingLeft: bool): void {
  const missing = load<u32>(counts);
  for (let k: u32 = 0; k < size; k++) store<f64>(left + 8 * k, 0);
  let inLeft: u32 = 0;
  if (missingLeft) {
    inLeft = missing;
    addToLeft(0, size);
  }
  for (let code = firstOccupied(1); code <= lastCode;) {
    inLeft += load<u32>(counts + 4 * code);
    addToLeft(code, size);
    if (rows - inLeft < minLeaf) break;
    const next = firstOccupied(code + 1);
    if (inLeft >= minLeaf && (next <= lastCode || isBounded)) {
      const score = splitScore();
      if (score > bestScore) {
        const weight = weightOf(left);
        keep(score, code, next, missing > 0 ? missingLeft : weight > weightOf(total) - weight);
      }
    }
    code = next;
  }
}

@inline
function addToLeft(code: u32, size: u32): void {
  const from = histograms + 8 * <usize>code * size;
  for (let k: usize = 0; k < size; k++) {
    store<f64>(left + 8 * k, load<f64>(left + 8 * k) + load<f64>(from + 8 * k));
  }
}

/** The first code from `code` with rows, or one behind the last. */
@inline
function firstOccupied(code: u32): u32 {
  while (code <= lastCode && load<u32>(counts + 4 * code) == 0) code++;
  return code;
}
