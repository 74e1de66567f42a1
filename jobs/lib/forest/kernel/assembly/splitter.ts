// The twin of ../../splitter.ts: the best split of a node among columns drawn at random.
import { BINARY, CLASSES, CODES, MOST_COLUMNS } from "../layout";
import { bestScore, forgetBest, openColumn, scanned } from "./best";
import { columnAt, fillBinary, fillClasses, fillCounts, fillValues } from "./histogram";
import { below, startRandom } from "./random";
import { scanBins } from "./scan_bins";
import { FEW, scanFew } from "./scan_few";
import { LANE_WEIGHT, LANES, scanLanes } from "./scan_lanes";
import { scanSummaries } from "./scan_summaries";
import { columns, histograms, kind, maxFeatures, minLeaf, order } from "./state";

/** Weights below it fit half a word. */
const HALF: u32 = 65536;

/**
 * Finds the best split.
 *
 * @param from The node's first record in the order of rows; `step` leads to the next
 * @param weight Of a node of binary records, with `second` in the second class
 * @returns false if there is none
 */
export function findSplit(
  from: usize, rows: u32, step: isize, seed: u32, weight: u32, second: u32, origin: f64,
): bool {
  startRandom(seed);
  forgetBest();
  let varying = false;
  let drawn: u32 = 0;
  // As many columns as wanted, some at a time, then one by one until one is not constant.
  while (drawn < columns && !(varying && drawn >= maxFeatures)) {
    const count: u32 = drawn < maxFeatures ? min(maxFeatures - drawn, MOST_COLUMNS) : 1;
    for (let k = drawn; k < drawn + count; k++) {
      const other = k + below(columns - k);
      swap(k, other);
      store<u32>(order + 4 * (columns + k), other);
    }
    if (scanColumns(from, rows, step, drawn, count, weight, second, origin)) varying = true;
    drawn += count;
  }
  while (drawn > 0) {
    drawn--;
    swap(drawn, load<u32>(order + 4 * (columns + drawn)));
  }
  return bestScore > -Infinity;
}

@inline
function swap(i: u32, j: u32): void {
  const held = columnAt(i);
  store<u32>(order + 4 * i, columnAt(j));
  store<u32>(order + 4 * j, held);
}

/** @returns true if one of the columns is not constant */
@inline
function scanColumns(
  from: usize, rows: u32, step: isize, drawn: u32, count: u32, weight: u32, second: u32, origin: f64,
): bool {
  if (kind != BINARY) return scanSummarised(from, rows, step, drawn, count, origin);
  // Rows count once in the least of a leaf, which lanes cannot tell from their weights.
  const inLanes = rows <= LANES && weight <= LANE_WEIGHT && minLeaf == 1;
  if (inLanes) return scanLanes(from, rows, drawn, count, weight, second);
  return scanBinary(from, rows, drawn, count, weight, second);
}

function scanBinary(
  from: usize, rows: u32, drawn: u32, count: u32, weight: u32, second: u32,
): bool {
  const narrow = weight < HALF;
  if (narrow) fillBinary<u32>(from, rows, drawn, count);
  else fillBinary<u64>(from, rows, drawn, count);
  let varying = false;
  for (let k: u32 = 0; k < count; k++) {
    openColumn(columnAt(drawn + k));
    if (minLeaf > 1) fillCounts(from, rows, scanned);
    const found = rows <= FEW && narrow
      ? scanFew(histograms + k * CODES * 4, rows, weight, second)
      : narrow
      ? scanBins<u32>(histograms + k * CODES * 4, rows, weight, second)
      : scanBins<u64>(histograms + k * CODES * 8, rows, weight, second);
    varying = found || varying;
  }
  return varying;
}

function scanSummarised(
  from: usize, rows: u32, step: isize, drawn: u32, count: u32, origin: f64,
): bool {
  let varying = false;
  for (let k: u32 = 0; k < count; k++) {
    openColumn(columnAt(drawn + k));
    if (kind == CLASSES) fillClasses(from, rows, scanned);
    else fillValues(from, rows, step, scanned, origin);
    if (scanSummaries(rows)) varying = true;
  }
  return varying;
}
