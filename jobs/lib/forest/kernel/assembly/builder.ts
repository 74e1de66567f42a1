// The twin of ../../builder.ts: grows a tree depth first, a stretch at a time.
import { BINARY, CLASSES, PENDING_BYTES } from "../layout";
import { drawSample } from "./bootstrap";
import { binaryGain, gain, weightOf } from "./criterion";
import {
  hasRoom, isPure, origin, setBinaryLeaf, setLeaf, size, split, startTree, summarise,
} from "./node";
import { partition } from "./partition";
import { deriveSeed } from "./random";
import { bestBin, bestColumn, bestMissingLeft, bestScore, bestSecond, bestWeight } from "./best";
import { findSplit } from "./splitter";
import {
  bufferA, bufferB, columns, control, decrease, forestSeed, kind, maxDepth, minDecrease, minLeaf, minSplit,
  pending, stride, total,
} from "./state";

/** scikit-learn's allowance for rounding when a decrease in impurity is compared. */
const EPSILON: f64 = 2.220446049250313e-16;

/** The stretch is over, the tree is not. */
const GROWING: i32 = 0;
const STOPPED: i32 = -1;
const FULL: i32 = -2;

/** Where the next pending node goes. */
let top: usize = 0;
let rootWeight: f64 = 0;

/** Starts tree number `tree`: draws its rows, and makes the root pending. */
export function start(tree: u32): void {
  const seed = deriveSeed(forestSeed, tree);
  const rows = drawSample(deriveSeed(seed, 0));
  for (let column: u32 = 0; column < columns; column++) store<f64>(decrease + 8 * column, 0);
  startTree(tree);
  top = pending;
  let weight: u32 = 0, second: u32 = 0;
  if (kind == BINARY) {
    const end = bufferA + rows * stride;
    for (let record = bufferA + stride - 4; record < end; record += stride) {
      const weights = load<u32>(record);
      weight += weights & 0xffff;
      second += weights >> 16;
    }
    rootWeight = weight;
    openBinary(0, 0, rows, 0, deriveSeed(seed, 1), 0, weight, second);
    return;
  }
  summarise(bufferA, rows, stride);
  rootWeight = weightOf(total);
  push(0, 0, rows, 0, deriveSeed(seed, 1), 0, 0, 0);
}

/**
 * Grows for about `budget` records.
 *
 * @returns How many nodes the tree has once it is done; 0 if it is not, -1 if all shall stop, -2 if the
 *   table of nodes is full
 */
export function grow(budget: i32): i32 {
  let spent: i32 = 0;
  while (top > pending) {
    if (spent > budget) return atomic.load<i32>(control) != 0 ? STOPPED : GROWING;
    if (!hasRoom()) return FULL;
    top -= PENDING_BYTES;
    spent += 16 + <i32>load<u32>(top, 8);
    if (kind == BINARY) growBinary();
    else growSummarised();
  }
  return <i32>size;
}

// A pending node of binary records may be split; whether one of other records may, it is asked when
// its turn comes, since only then its labels are looked at.

function growBinary(): void {
  const node = load<u32>(top), first = load<u32>(top, 4), rows = load<u32>(top, 8);
  const depth = load<u32>(top, 12), seed = load<u32>(top, 16), buffer = load<u32>(top, 20);
  const weight = load<u32>(top, 24), second = load<u32>(top, 28);
  const from = (buffer & 1 ? bufferB : bufferA) + first * stride;
  const found = findSplit(from, rows, stride, seed, weight, second, 0);
  const gained = binaryGain(bestScore, <f64>weight);
  if (!found || gained / rootWeight + EPSILON < minDecrease) {
    setBinaryLeaf(node, weight, second);
    return;
  }
  const left = record(node, gained);
  const w = bestWeight, p = bestSecond, below = depth + 1;
  // The last level is not partitioned.
  if (!mayGrow(below, w, p) && !mayGrow(below, weight - w, second - p)) {
    setBinaryLeaf(left, w, p);
    setBinaryLeaf(left + 1, weight - w, second - p);
    return;
  }
  const to = (buffer & 1 ? bufferA : bufferB) + first * stride;
  const onLeft = partition(from, rows, stride, to, bestColumn, bestBin, bestMissingLeft);
  const other = buffer ^ 1;
  openBinary(
    left + 1, first + onLeft, rows - onLeft, below, deriveSeed(seed, 1), other, weight - w, second - p,
  );
  openBinary(left, first, onLeft, below, deriveSeed(seed, 0), other, w, p);
}

@inline
function mayGrow(depth: u32, weight: u32, second: u32): bool {
  return second != 0 && second != weight && (maxDepth == 0 || depth < maxDepth);
}

/** Makes a node pending if it may be split, otherwise a leaf. */
function openBinary(
  node: u32, first: u32, rows: u32, depth: u32, seed: u32, buffer: u32, weight: u32, second: u32,
): void {
  if (!mayGrow(depth, weight, second) || rows < fewest()) setBinaryLeaf(node, weight, second);
  else push(node, first, rows, depth, seed, buffer, weight, second);
}

/** Fewest rows of a node that may be split. */
@inline
function fewest(): u32 {
  const twice = minLeaf * 2;
  return twice > minSplit ? twice : minSplit;
}

function growSummarised(): void {
  const node = load<u32>(top), first = load<u32>(top, 4), rows = load<u32>(top, 8);
  const depth = load<u32>(top, 12), seed = load<u32>(top, 16), buffer = load<u32>(top, 20);
  const begin = (buffer & 1 ? bufferB : bufferA) + first * stride;
  // Right children have their records in reverse, and so on below: values are added in the order of
  // rows all the same.
  const reversed = (buffer & 2) != 0;
  const from = reversed ? begin + (rows - 1) * stride : begin;
  const step: isize = reversed ? -<isize>stride : <isize>stride;
  summarise(from, rows, step);
  setLeaf(node);
  if (maxDepth != 0 && depth >= maxDepth) return;
  if (rows < fewest() || isPure(from, rows, step)) return;
  // The bins of classes hold whole numbers, whose order does not matter.
  const start = kind == CLASSES ? begin : from;
  if (!findSplit(start, rows, step, seed, 0, 0, origin)) return;
  const gained = gain(bestScore);
  if (gained / rootWeight + EPSILON < minDecrease) return;
  const left = record(node, gained);
  const to = (buffer & 1 ? bufferA : bufferB) + first * stride;
  const onLeft = partition(from, rows, step, to, bestColumn, bestBin, bestMissingLeft);
  const other = (buffer & 1) ^ 1;
  const below = depth + 1;
  push(left + 1, first + onLeft, rows - onLeft, below, deriveSeed(seed, 1), other | 2, 0, 0);
  push(left, first, onLeft, below, deriveSeed(seed, 0), other, 0, 0);
}

function record(node: u32, gained: f64): u32 {
  const at = decrease + 8 * bestColumn;
  store<f64>(at, load<f64>(at) + gained);
  return split(node, bestColumn, bestBin, bestMissingLeft);
}

@inline
function push(
  node: u32, first: u32, rows: u32, depth: u32, seed: u32, buffer: u32, weight: u32, second: u32,
): void {
  store<u32>(top, node);
  store<u32>(top, first, 4);
  store<u32>(top, rows, 8);
  store<u32>(top, depth, 12);
  store<u32>(top, seed, 16);
  store<u32>(top, buffer, 20);
  store<u32>(top, weight, 24);
  store<u32>(top, second, 28);
  top += PENDING_BYTES;
}
