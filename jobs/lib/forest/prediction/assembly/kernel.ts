/**
 * The predictor's inner loops. Memory is laid out and filled from outside, see `../layout.ts`; nothing
 * is allocated here.
 */

import { resolveTop } from "./top";
import { walk, walkDeep } from "./walk";

export { quantise } from "./quantise";

/** Of a tree with more levels below its top, rows are listed. */
const SHALLOW: u32 = 8;

/**
 * Adds the values of trees to the rows' sums, in the order of the trees.
 *
 * @param trees Four 32-bit words a tree: addresses of its top, nodes and values, levels below the top.
 *   With one target values has a float a node, otherwise the number of its leaf's first float, and
 *   `width` floats from there in `leafValues` belong to the leaf.
 * @param rows A multiple of 16.
 * @param width 1, or a multiple of four: floats of a row in `sums`.
 */
export function addTrees(
  trees: usize,
  count: u32,
  rows: u32,
  places: usize,
  list: usize,
  leaves: usize,
  cells: usize,
  stride: usize,
  sums: usize,
  width: u32,
  leafValues: usize,
): void {
  const end = trees + (<usize> count << 4);
  for (let tree = trees; tree < end; tree += 16) {
    const top = <usize> load<u32>(tree);
    const nodes = <usize> load<u32>(tree, 4);
    const values = <usize> load<u32>(tree, 8);
    const levels = load<u32>(tree, 12);
    resolveTop(top, places, rows);
    if (levels <= SHALLOW) walk(top, places, levels, cells, stride, rows, leaves);
    else walkDeep(top, places, cells, stride, rows, list, leaves);
    if (width === 1) addOne(leaves, values - nodes, rows, sums);
    else addMany(leaves, values - nodes, rows, sums, width, leafValues);
  }
}

function addOne(leaves: usize, values: usize, rows: u32, sums: usize): void {
  for (let i: usize = 0; i < <usize> rows << 2; i += 16) {
    const leaf = v128.load(leaves + i);
    let value = v128.load32_zero(values + <usize>i32x4.extract_lane(leaf, 0));
    value = v128.load32_lane(values + <usize>i32x4.extract_lane(leaf, 1), value, 1);
    value = v128.load32_lane(values + <usize>i32x4.extract_lane(leaf, 2), value, 2);
    value = v128.load32_lane(values + <usize>i32x4.extract_lane(leaf, 3), value, 3);
    v128.store(sums + i, f32x4.add(v128.load(sums + i), value));
  }
}

function addMany(
  leaves: usize,
  values: usize,
  rows: u32,
  sums: usize,
  width: u32,
  leafValues: usize,
): void {
  for (let i: usize = 0; i < <usize> rows << 2; i += 4) {
    const first = load<u32>(values + <usize> load<u32>(leaves + i));
    let from = leafValues + (<usize> first << 2);
    for (let k: u32 = 0; k < width; k += 4) {
      v128.store(sums, f32x4.add(v128.load(sums), v128.load(from)));
      sums += 16;
      from += 16;
    }
  }
}
