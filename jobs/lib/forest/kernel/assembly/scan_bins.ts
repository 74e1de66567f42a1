// The best split of a column of binary records: every bin is looked at.
import { bestBin, bestScore, isBounded, keepBoundary, lastCode, settleBinary } from "./best";
import { binaryScore } from "./criterion";
import { clear } from "./histogram";
import { counts, minLeaf } from "./state";

@inline
function weightIn<T>(cell: T): u32 {
  return sizeof<T>() == 4 ? <u32>cell & 0xffff : <u32>cell;
}

@inline
function secondIn<T>(cell: T): u32 {
  return sizeof<T>() == 4 ? <u32>cell >> 16 : <u32>(<u64>cell >> 32);
}

/**
 * Tries every boundary between occupied bins: missing right, then missing left. Empties the bins.
 *
 * @returns true if the column is not constant
 */
export function scanBins<T>(at: usize, rows: u32, weight: u32, second: u32): bool {
  const missing = load<T>(at);
  const before = bestScore;
  const varying = scanSide<T>(at, rows, weight, second, false);
  let winner = bestScore > before;
  if (missing != 0) {
    const right = bestScore;
    scanSide<T>(at, rows, weight, second, true);
    winner = winner || bestScore > right;
  }
  if (winner) {
    let next = bestBin + 1;
    while (next <= lastCode && load<T>(at + next * sizeof<T>()) == 0) next++;
    settleBinary(next, missing != 0, weight);
  }
  clear(at, (lastCode + 1) * sizeof<T>());
  if (minLeaf > 1) clear(counts, (lastCode + 1) * 4);
  return varying;
}

function scanSide<T>(at: usize, rows: u32, weight: u32, second: u32, missingLeft: bool): bool {
  const all = <f64>weight, inSecond = <f64>second;
  const missing = load<T>(at);
  let w: u32 = missingLeft ? weightIn<T>(missing) : 0;
  let p: u32 = missingLeft ? secondIn<T>(missing) : 0;
  let count: u32 = missingLeft && minLeaf > 1 ? load<u32>(counts) : 0;
  // What is left where all but the missing is: no threshold parts them if +Infinity occurs.
  const beyond = isBounded || missingLeft ? weight : weight - weightIn<T>(missing);
  let varying = false;
  const end = at + lastCode * sizeof<T>();
  for (let cell = at + sizeof<T>(); cell <= end; cell += sizeof<T>()) {
    const value = load<T>(cell);
    if (value == 0) continue;
    w += weightIn<T>(value);
    p += secondIn<T>(value);
    if (w == weight) break;
    varying = true;
    if (minLeaf > 1) {
      count += load<u32>(counts + (cell - at) / (sizeof<T>() / 4));
      if (count < minLeaf) continue;
      if (rows - count < minLeaf) break;
    }
    const score = binaryScore(<f64>w, <f64>p, all, inSecond);
    if (score > bestScore && w != beyond) {
      keepBoundary(score, <u32>((cell - at) / sizeof<T>()), missingLeft, w, p);
    }
  }
  // Constant where the only bin holds all; nothing but missing is constant too.
  return varying;
}
