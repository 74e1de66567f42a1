/**
 * The plain form's walk, in TypeScript: for forests that do not fit the kernel, and what the kernel is
 * tested against.
 *
 * @module
 */

import type { Matrix } from "../forest.ts";
import type { PlainForest } from "./plain_form.ts";

/** Rows that are walked through all trees before the next ones: they stay in the cache. */
const BLOCK = 512;
/** The same where a tree itself is larger than the cache, and each walk through it must count. */
const LARGE_BLOCK = 8192;
/** Nodes of such a tree. */
const LARGE_TREE = 4096;
/** Levels that are walked before it is asked whether all rows have arrived. */
const STRIDE = 4;

/**
 * The trees' values added up in float32, in the order of the trees: one array a target.
 *
 * @param rows Which rows, in which order; all unless given.
 */
export function sumPlainly(
  forest: PlainForest,
  targets: number,
  matrix: Matrix,
  rows?: ArrayLike<number>,
): Float32Array[] {
  const count = rows?.length ?? matrix.rows;
  const sums = Array.from({ length: targets }, () => new Float32Array(count));
  const largeTrees = forest.next.length > LARGE_TREE * forest.roots.length;
  // A multiple of four rows, as many as are walked at once; what the last ones hold does not matter.
  const most = Math.min(largeTrees ? LARGE_BLOCK : BLOCK, Math.ceil(count / 4) * 4);
  const block = new Float32Array(most * Math.max(1, forest.slots.length));
  const leaves = new Int32Array(most);
  for (let start = 0; start < count; start += most) {
    const size = Math.min(most, count - start);
    gather(matrix, rows, start, size, forest, block);
    const sumsOfBlock = sums.map((sum) => sum.subarray(start, start + size));
    addTrees(forest, block, size, leaves, sumsOfBlock);
  }
  return sums;
}

/** Fills the block row by row with the values of each slot. */
function gather(
  matrix: Matrix,
  rows: ArrayLike<number> | undefined,
  start: number,
  size: number,
  { slots }: PlainForest,
  block: Float32Array,
): void {
  const width = Math.max(1, slots.length);
  slots.forEach(({ column, missing }, slot) => {
    const values = matrix.columns[column] as Float32Array;
    for (let i = 0; i < size; i++) {
      const row = rows === undefined ? start + i : rows[start + i] as number;
      const value = values[row] as number;
      block[i * width + slot] = Number.isNaN(value) ? missing : value;
    }
  });
}

/** Adds every tree's values for the rows of the block to the sums, one array a target. */
function addTrees(
  forest: PlainForest,
  block: Float32Array,
  size: number,
  leaves: Int32Array,
  sums: readonly Float32Array[],
): void {
  const { roots, depths, value } = forest;
  const [first] = sums;
  const targets = sums.length;
  for (let t = 0; t < roots.length; t++) {
    walk(forest, roots[t] as number, depths[t] as number, block, size, leaves);
    if (targets === 1 && first !== undefined) {
      for (let i = 0; i < size; i++) {
        first[i] = (first[i] as number) + (value[leaves[i] as number] as number);
      }
      continue;
    }
    sums.forEach((sum, k) => {
      for (let i = 0; i < size; i++) {
        sum[i] = (sum[i] as number) + (value[(leaves[i] as number) * targets + k] as number);
      }
    });
  }
}

/** Finds the leaf of each row, four rows at a time: the processor overlaps their loads. */
function walk(
  forest: PlainForest,
  root: number,
  depth: number,
  block: Float32Array,
  size: number,
  leaves: Int32Array,
): void {
  const { next, slot, threshold } = forest;
  const width = Math.max(1, forest.slots.length);
  for (let i = 0; i < size; i += 4) {
    const row0 = i * width;
    const row1 = row0 + width;
    const row2 = row1 + width;
    const row3 = row2 + width;
    let n0 = root;
    let n1 = root;
    let n2 = root;
    let n3 = root;
    for (let level = 0; level < depth; level++) {
      const v0 = block[row0 + (slot[n0] as number)] as number;
      const v1 = block[row1 + (slot[n1] as number)] as number;
      const v2 = block[row2 + (slot[n2] as number)] as number;
      const v3 = block[row3 + (slot[n3] as number)] as number;
      // A comparison as a number: no branch that the processor could mispredict.
      n0 = (next[n0] as number) + Number(v0 > (threshold[n0] as number));
      n1 = (next[n1] as number) + Number(v1 > (threshold[n1] as number));
      n2 = (next[n2] as number) + Number(v2 > (threshold[n2] as number));
      n3 = (next[n3] as number) + Number(v3 > (threshold[n3] as number));
      const asked = level % STRIDE === STRIDE - 1;
      if (asked && next[n0] === n0 && next[n1] === n1 && next[n2] === n2 && next[n3] === n3) break;
    }
    leaves[i] = n0;
    leaves[i + 1] = n1;
    leaves[i + 2] = n2;
    leaves[i + 3] = n3;
  }
}
