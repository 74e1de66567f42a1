/**
 * From the top of a tree to its leaves.
 *
 * A node is 32 bits: how far its left child is (16), 255 minus its threshold (8), its slot (8). The
 * right child follows the left one. Adding a row's bin to the middle byte carries into the distance
 * exactly if the bin is greater than the threshold, so that a step has no comparison. A leaf is 0: it
 * leads to itself. Nodes are named by their addresses.
 *
 * Rows have their cells in groups of eight: a slot's eight bins stand side by side, so that the place
 * of a row in its group is a constant of the instruction that loads its bin. The engine checks each
 * load's bounds, so that what costs here is their number.
 */

import { ENTRIES } from "./top";

/** Levels before the first look which rows have arrived; few leaves lie above them. */
const FIRST_LEVELS: u32 = 7;
/** Levels between later looks. */
const LEVELS: u32 = 3;

/** Where the bins of a node's slot are, in the cells of a group or of the first row of one. */
@inline
function binsOf(cells: usize, word: u32): usize {
  return cells + (<usize> (word & 255) << 3);
}

/** Where a row goes on. */
@inline
function next(node: u32, word: u32, bin: u32): u32 {
  return node + (((word + (bin << 8)) >>> 16) << 2);
}

@inline
function step(node: u32, cells: usize): u32 {
  const word = load<u32>(<usize>node);
  return next(node, word, load<u8>(binsOf(cells, word)));
}

/** The node at which a row leaves the top at a place. */
@inline
function enter(top: usize, place: u32): u32 {
  return load<u32>(top + (<usize>place << 2), ENTRIES);
}

/**
 * Walks trees of few levels: all rows the same number of steps, eight rows at once, so that the
 * processor overlaps their loads.
 *
 * @param rows A multiple of eight.
 * @param leaves Receives the leaf of each row: its address.
 */
export function walk(
  top: usize,
  places: usize,
  levels: u32,
  cells: usize,
  stride: usize,
  rows: u32,
  leaves: usize,
): void {
  for (let i: u32 = 0; i < rows; i += 8) {
    const place = load<u64>(places + i);
    let a = enter(top, <u32>place & 31);
    let b = enter(top, <u32> (place >>> 8) & 31);
    let c = enter(top, <u32> (place >>> 16) & 31);
    let d = enter(top, <u32> (place >>> 24) & 31);
    let e = enter(top, <u32> (place >>> 32) & 31);
    let f = enter(top, <u32> (place >>> 40) & 31);
    let g = enter(top, <u32> (place >>> 48) & 31);
    let h = enter(top, <u32> (place >>> 56) & 31);
    const group = cells + <usize>i * stride;
    for (let level = levels; level > 0; level--) {
      const wordA = load<u32>(<usize>a);
      a = next(a, wordA, load<u8>(binsOf(group, wordA), 0));
      const wordB = load<u32>(<usize>b);
      b = next(b, wordB, load<u8>(binsOf(group, wordB), 1));
      const wordC = load<u32>(<usize>c);
      c = next(c, wordC, load<u8>(binsOf(group, wordC), 2));
      const wordD = load<u32>(<usize>d);
      d = next(d, wordD, load<u8>(binsOf(group, wordD), 3));
      const wordE = load<u32>(<usize>e);
      e = next(e, wordE, load<u8>(binsOf(group, wordE), 4));
      const wordF = load<u32>(<usize>f);
      f = next(f, wordF, load<u8>(binsOf(group, wordF), 5));
      const wordG = load<u32>(<usize>g);
      g = next(g, wordG, load<u8>(binsOf(group, wordG), 6));
      const wordH = load<u32>(<usize>h);
      h = next(h, wordH, load<u8>(binsOf(group, wordH), 7));
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
 * @param leaves Receives the leaf of each row: its address.
 */
export function walkDeep(
  top: usize,
  places: usize,
  cells: usize,
  stride: usize,
  rows: u32,
  list: usize,
  leaves: usize,
): void {
  for (let i: u32 = 0; i < rows; i++) {
    store<u32>(list + (<usize> i << 3), enter(top, load<u8>(places + i)));
    store<u32>(list + (<usize> i << 3), i, 4);
  }
  let left = advance(list, rows, cells, stride, FIRST_LEVELS, leaves);
  while (left > 0) left = advance(list, left, cells, stride, LEVELS, leaves);
}

/** Walks the listed rows `levels + 1` levels. @returns How many are still listed. */
function advance(
  list: usize,
  count: u32,
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
    const cellsA = cellsOf(cells, rowA, stride), cellsB = cellsOf(cells, rowB, stride);
    const cellsC = cellsOf(cells, rowC, stride), cellsD = cellsOf(cells, rowD, stride);
    for (let level = levels; level > 0; level--) {
      a = step(a, cellsA);
      b = step(b, cellsB);
      c = step(c, cellsC);
      d = step(d, cellsD);
    }
    out = keep(out, step(a, cellsA), a, rowA, leaves);
    out = keep(out, step(b, cellsB), b, rowB, leaves);
    out = keep(out, step(c, cellsC), c, rowC, leaves);
    out = keep(out, step(d, cellsD), d, rowD, leaves);
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

/** Where a row's own cells are: each slot's is eight bytes behind the one of the slot before. */
@inline
function cellsOf(cells: usize, row: u32, stride: usize): usize {
  return cells + <usize> (row & ~7) * stride + (row & 7);
}
