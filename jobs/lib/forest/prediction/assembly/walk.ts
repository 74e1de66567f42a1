/**
 * From the top of a tree to its leaves.
 *
 * A node is 32 bits: how far its left child is (16), 255 minus its threshold (8), its slot (8). The
 * right child follows the left one. Adding a row's bin to the middle byte carries into the distance
 * exactly if the bin is greater than the threshold, so that a step has no comparison. A leaf is 0: it
 * leads to itself.
 */

import { ENTRIES } from "./top";

/** Levels before the first look which rows have arrived; few leaves lie above them. */
const FIRST_LEVELS: u32 = 7;
/** Levels between later looks. */
const LEVELS: u32 = 3;

@inline
function step(nodes: usize, node: u32, cells: usize): u32 {
  const word = load<u32>(nodes + (<usize> node << 2));
  const bin: u32 = load<u8>(cells + <usize> (word & 255));
  return node + ((word + (bin << 8)) >>> 16);
}

@inline
function enter(top: usize, place: usize): u32 {
  // Places are negative: see resolveTop.
  return load<u32>(top + (<usize> (0 - <u32> load<u8>(place) & 31) << 2), ENTRIES);
}

/**
 * Walks trees of few levels: all rows the same number of steps, eight rows at once, so that the
 * processor overlaps their loads.
 *
 * @param rows A multiple of eight.
 * @param leaves Receives the leaf of each row.
 */
export function walk(
  top: usize,
  places: usize,
  nodes: usize,
  levels: u32,
  cells: usize,
  stride: usize,
  rows: u32,
  leaves: usize,
): void {
  for (let i: u32 = 0; i < rows; i += 8) {
    const place = places + i;
    let a = enter(top, place);
    let b = enter(top, place + 1);
    let c = enter(top, place + 2);
    let d = enter(top, place + 3);
    let e = enter(top, place + 4);
    let f = enter(top, place + 5);
    let g = enter(top, place + 6);
    let h = enter(top, place + 7);
    const row = cells + <usize>i * stride;
    for (let level = levels; level > 0; level--) {
      a = step(nodes, a, row);
      b = step(nodes, b, row + stride);
      c = step(nodes, c, row + 2 * stride);
      d = step(nodes, d, row + 3 * stride);
      e = step(nodes, e, row + 4 * stride);
      f = step(nodes, f, row + 5 * stride);
      g = step(nodes, g, row + 6 * stride);
      h = step(nodes, h, row + 7 * stride);
    }
    const leaf = leaves + (<usize> i << 2);
    store<u32>(leaf, a);
    store<u32>(leaf, b, 4);
    store<u32>(leaf, c, 8);
    store<u32>(leaf, d, 12);
    store<u32>(leaf, e, 16);
    store<u32>(leaf, f, 20);
    store<u32>(leaf, g, 24);
    store<u32>(leaf, h, 28);
  }
}

/**
 * Walks trees of many levels, whose leaves lie at very different depths: after some levels those rows
 * that have arrived leave the list.
 *
 * @param list Room for `rows + 3` pairs of node and row.
 * @param leaves Receives the leaf of each row.
 */
export function walkDeep(
  top: usize,
  places: usize,
  nodes: usize,
  cells: usize,
  stride: usize,
  rows: u32,
  list: usize,
  leaves: usize,
): void {
  for (let i: u32 = 0; i < rows; i++) {
    store<u32>(list + (<usize> i << 3), enter(top, places + i));
    store<u32>(list + (<usize> i << 3), i, 4);
  }
  let left = advance(list, rows, nodes, cells, stride, FIRST_LEVELS, leaves);
  while (left > 0) left = advance(list, left, nodes, cells, stride, LEVELS, leaves);
}

/** Walks the listed rows `levels + 1` levels. @returns How many are still listed. */
function advance(
  list: usize,
  count: u32,
  nodes: usize,
  cells: usize,
  stride: usize,
  levels: u32,
  leaves: usize,
): u32 {
  // To a multiple of four by walking the last row several times.
  const end = list + (<usize> count << 3);
  const last = load<u64>(end - 8);
  store<u64>(end, last);
  store<u64>(end, last, 8);
  store<u64>(end, last, 16);
  let out = list;
  for (let at = list; at < end; at += 32) {
    let a = load<u32>(at), b = load<u32>(at, 8), c = load<u32>(at, 16), d = load<u32>(at, 24);
    const rowA = load<u32>(at, 4), rowB = load<u32>(at, 12);
    const rowC = load<u32>(at, 20), rowD = load<u32>(at, 28);
    const cellsA = cells + <usize>rowA * stride, cellsB = cells + <usize>rowB * stride;
    const cellsC = cells + <usize>rowC * stride, cellsD = cells + <usize>rowD * stride;
    for (let level = levels; level > 0; level--) {
      a = step(nodes, a, cellsA);
      b = step(nodes, b, cellsB);
      c = step(nodes, c, cellsC);
      d = step(nodes, d, cellsD);
    }
    out = keep(out, step(nodes, a, cellsA), a, rowA, leaves);
    out = keep(out, step(nodes, b, cellsB), b, rowB, leaves);
    out = keep(out, step(nodes, c, cellsC), c, rowC, leaves);
    out = keep(out, step(nodes, d, cellsD), d, rowD, leaves);
  }
  return <u32> ((out - list) >>> 3);
}

/** Notes where a row is, and keeps it on the list if its last step led anywhere. */
@inline
function keep(out: usize, node: u32, before: u32, row: u32, leaves: usize): usize {
  store<u32>(leaves + (<usize> row << 2), node);
  store<u32>(out, node);
  store<u32>(out, row, 4);
  return out + (<usize> u32(node !== before) << 3);
}
