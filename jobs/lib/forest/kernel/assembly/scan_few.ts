// The best split of a column of few binary records, which leave most bins empty: those that hold rows
// are found 64 at a time, and only they are visited.
import { bestBin, bestScore, isBounded, keepBoundary, lastCode, settleBinary } from "./best";
import { binaryScore } from "./criterion";
import { clear } from "./histogram";
import { counts, minLeaf } from "./state";

/** Most rows for which that is quicker. */
export const FEW: u32 = 1024;

/**
 * Tries every boundary between occupied bins: missing right, then missing left. Empties the bins.
 *
 * @param at The column's bins, cells of two half words
 * @returns true if the column is not constant
 */
export function scanFew(at: usize, rows: u32, weight: u32, second: u32): bool {
  const a = occupied(at);
  const b = lastCode < 64 ? 0 : occupied(at + 256);
  const c = lastCode < 128 ? 0 : occupied(at + 512);
  const d = lastCode < 192 ? 0 : occupied(at + 768);
  const varying = scanOccupied(at, a, b, c, d, rows, weight, second);
  clear(at, (lastCode + 1) * 4);
  return varying;
}

/** Which of 64 bins hold rows. */
@inline
function occupied(at: usize): u64 {
  return sixteen(at) | sixteen(at + 64) << 16 | sixteen(at + 128) << 32 | sixteen(at + 192) << 48;
}

@inline
function sixteen(at: usize): u64 {
  const none = i32x4.splat(0);
  const low = i16x8.narrow_i32x4_s(i32x4.ne(v128.load(at), none), i32x4.ne(v128.load(at, 16), none));
  const high = i16x8.narrow_i32x4_s(i32x4.ne(v128.load(at, 32), none), i32x4.ne(v128.load(at, 48), none));
  return <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** Tries every boundary between the bins of the masks: missing right, then missing left. */
function scanOccupied(
  at: usize, first: u64, b: u64, c: u64, d: u64, rows: u32, weight: u32, second: u32,
): bool {
  const missing = load<u32>(at);
  const a = first & ~(<u64>1);
  const before = bestScore;
  const varying = scanOccupiedSide(at, a, b, c, d, rows, weight, second, false);
  let winner = bestScore > before;
  if (missing != 0) {
    const right = bestScore;
    scanOccupiedSide(at, a, b, c, d, rows, weight, second, true);
    winner = winner || bestScore > right;
  }
  if (winner) {
    let next = bestBin + 1;
    while (next <= lastCode && load<u32>(at + 4 * next) == 0) next++;
    settleBinary(next, missing != 0, weight);
  }
  if (minLeaf > 1) clear(counts, (lastCode + 1) * 4);
  return varying;
}

function scanOccupiedSide(
  at: usize, a: u64, b: u64, c: u64, d: u64, rows: u32, weight: u32, second: u32, missingLeft: bool,
): bool {
  const all = <f64>weight, inSecond = <f64>second;
  const missing = load<u32>(at);
  let w: u32 = missingLeft ? missing & 0xffff : 0;
  let p: u32 = missingLeft ? missing >> 16 : 0;
  let count: u32 = missingLeft && minLeaf > 1 ? load<u32>(counts) : 0;
  const beyond = isBounded || missingLeft ? weight : weight - (missing & 0xffff);
  let varying = false;
  for (let base: u32 = 0; base <= lastCode; base += 64) {
    let mask = base == 0 ? a : base == 64 ? b : base == 128 ? c : d;
    while (mask != 0) {
      const code = base + <u32>ctz(mask);
      mask &= mask - 1;
      const value = load<u32>(at + 4 * code);
      w += value & 0xffff;
      p += value >> 16;
      if (w == weight) return varying;
      varying = true;
      if (minLeaf > 1) {
        count += load<u32>(counts + 4 * code);
        if (count < minLeaf) continue;
        if (rows - count < minLeaf) return varying;
      }
      const score = binaryScore(<f64>w, <f64>p, all, inSecond);
      if (score > bestScore && w != beyond) {
        keepBoundary(score, code, missingLeft, w, p);
      }
    }
  }
  return varying;
}
