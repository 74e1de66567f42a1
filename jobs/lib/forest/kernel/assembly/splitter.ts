// The twin of ../../splitter.ts: the best split of a node among columns drawn at random.
import { BINARY, CLASSES, CODES, MOST_COLUMNS, REGRESSION } from "../layout";
import { binaryScore, splitScore, weightOf } from "./criterion";
import { clear, columnAt, fillBinary, fillClasses, fillCounts, fillValues } from "./histogram";
import { below, startRandom } from "./random";
import {
  bins, bounded, classes, columns, counts, histograms, kind, left, maxFeatures, minLeaf, order, stride, total,
} from "./state";

/** Nodes of so few rows leave most bins empty: a bit mask tells the others. */
const FEW: u32 = 1024;
/** Of so few rows it is made row by row, otherwise from the bins. */
const TINY: u32 = 8;
/** Weights below it fit half a word. */
const HALF: u32 = 65536;

// The best split so far.
export let bestScore: f64 = 0;
export let bestColumn: u32 = 0;
export let bestBin: u32 = 0;
export let bestMissingLeft: bool = false;
/** Weight that goes left, and weight of the second class in it; binary records only. */
export let bestWeight: u32 = 0;
export let bestSecond: u32 = 0;

// Of the column that is scanned.
let scanned: u32 = 0;
let lastCode: u32 = 0;
let isBounded: bool = false;

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
  bestScore = -Infinity;
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
function scanColumns(
  from: usize, rows: u32, step: isize, drawn: u32, count: u32, weight: u32, second: u32, origin: f64,
): bool {
  let varying = false;
  if (kind == BINARY) {
    const tiny = rows <= TINY;
    const narrow = weight < HALF;
    const few = rows <= FEW && narrow;
    if (!tiny) {
      if (narrow) fillBinary<u32>(from, rows, drawn, count);
      else fillBinary<u64>(from, rows, drawn, count);
    }
    for (let k: u32 = 0; k < count; k++) {
      open(columnAt(drawn + k));
      if (minLeaf > 1) fillCounts(from, rows, scanned);
      const found = tiny
        ? scanTiny(from, rows, weight, second)
        : few
        ? scanFew(histograms + k * CODES * 4, rows, weight, second)
        : narrow
        ? scanBinary<u32>(histograms + k * CODES * 4, rows, weight, second)
        : scanBinary<u64>(histograms + k * CODES * 8, rows, weight, second);
      varying = found || varying;
    }
    return varying;
  }
  for (let k: u32 = 0; k < count; k++) {
    open(columnAt(drawn + k));
    if (kind == CLASSES) fillClasses(from, rows, scanned);
    else fillValues(from, rows, step, scanned, origin);
    if (scanSummaries(rows)) varying = true;
  }
  return varying;
}

function open(column: u32): void {
  scanned = column;
  lastCode = load<u8>(bins + column);
  isBounded = load<u8>(bounded + column) != 0;
}

@inline
function weightIn<T>(cell: T): u32 {
  return sizeof<T>() == 4 ? <u32>cell & 0xffff : <u32>cell;
}

@inline
function secondIn<T>(cell: T): u32 {
  return sizeof<T>() == 4 ? <u32>cell >> 16 : <u32>(<u64>cell >> 32);
}

/** Tries every boundary between occupied bins: missing right, then missing left. Empties the bins. */
function scanBinary<T>(at: usize, rows: u32, weight: u32, second: u32): bool {
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
    settle(next, missing != 0, weight);
  }
  clear(at, (lastCode + 1) * sizeof<T>());
  if (minLeaf > 1) clear(counts, (lastCode + 1) * 4);
  return varying;
}

/** The bin in the middle between the boundary's occupied ones, and the side of missing. */
@inline
function settle(next: u32, hasMissing: bool, weight: u32): void {
  bestColumn = scanned;
  bestBin = next <= lastCode ? (bestBin + next - 1) >> 1 : lastCode;
  if (!hasMissing) bestMissingLeft = bestWeight > weight - bestWeight;
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
  let best = bestScore;
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
    if (score > best && w != beyond) {
      best = score;
      bestBin = <u32>((cell - at) / sizeof<T>());
      bestMissingLeft = missingLeft;
      bestWeight = w;
      bestSecond = p;
    }
  }
  bestScore = best;
  // Constant where the only bin holds all; nothing but missing is constant too.
  return varying;
}

/** A node of few rows: finds the bins that are occupied 64 at a time, and visits only those. */
function scanFew(at: usize, rows: u32, weight: u32, second: u32): bool {
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

/** A node of very few rows: does not even look at the other bins. */
function scanTiny(from: usize, rows: u32, weight: u32, second: u32): bool {
  const at = histograms;
  let a: u64 = 0, b: u64 = 0, c: u64 = 0, d: u64 = 0;
  const end = from + rows * stride;
  if (lastCode < 64) {
    for (let record = from; record < end; record += stride) {
      a |= (<u64>1) << count(at, record);
    }
  } else {
    for (let record = from; record < end; record += stride) {
      const code = count(at, record);
      const bit: u64 = (<u64>1) << (code & 63);
      const word = code >> 6;
      a |= select<u64>(bit, 0, word == 0);
      b |= select<u64>(bit, 0, word == 1);
      c |= select<u64>(bit, 0, word == 2);
      d |= select<u64>(bit, 0, word == 3);
    }
  }
  const varying = scanOccupied(at, a, b, c, d, rows, weight, second);
  for (let record = from; record < end; record += stride) {
    store<u32>(at + 4 * <usize>load<u8>(record + scanned), 0);
  }
  return varying;
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
    settle(next, missing != 0, weight);
  }
  if (minLeaf > 1) clear(counts, (lastCode + 1) * 4);
  return varying;
}

/** Adds a record to its bin. @returns the bin's code */
@inline
function count(at: usize, record: usize): u32 {
  const code: u32 = load<u8>(record + scanned);
  const cell = at + 4 * code;
  store<u32>(cell, load<u32>(cell) + load<u32>(record + stride - 4));
  return code;
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
        bestScore = score;
        bestBin = code;
        bestMissingLeft = missingLeft;
        bestWeight = w;
        bestSecond = p;
      }
    }
  }
  return varying;
}

/** Classes and values: the cells of a bin are a summary. */
function scanSummaries(rows: u32): bool {
  const size = kind == REGRESSION ? 2 : classes;
  const missing = load<u32>(counts);
  const varying = load<u32>(counts + 4 * firstOccupied(0)) != rows;
  if (varying) {
    scanSummariesSide(rows, size, false);
    if (missing > 0) scanSummariesSide(rows, size, true);
  }
  clear(histograms, (lastCode + 1) * size * 8);
  clear(counts, (lastCode + 1) * 4);
  return varying;
}

function scanSummariesSide(rows: u32, size: u32, missingLeft: bool): void {
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
        bestScore = score;
        bestColumn = scanned;
        bestBin = next <= lastCode ? (code + next - 1) >> 1 : lastCode;
        if (missing > 0) bestMissingLeft = missingLeft;
        else {
          const weight = weightOf(left);
          bestMissingLeft = weight > weightOf(total) - weight;
        }
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
