/**
 * Prediction with the kernel, block by block.
 *
 * @module
 */

import type { Matrix } from "../forest.ts";
import { type LoadedKernel, loadKernel } from "./kernel.ts";
import { SEGMENT, TREE_BYTES } from "./layout.ts";
import type { PackedForest } from "./pack.ts";

/** SIMD takes so many rows at once. */
const LANES = 16;

/**
 * The trees' values added up in float32, in the order of the trees: one array a target.
 *
 * @param rows Which rows, in which order; all unless given.
 */
export function sumFast(
  forest: PackedForest,
  targets: number,
  matrix: Matrix,
  rows: ArrayLike<number> | undefined,
): Float32Array[] {
  const count = rows?.length ?? matrix.rows;
  const sums = Array.from({ length: targets }, () => new Float32Array(count));
  const loaded = loadKernel(forest);
  const { layout } = forest;
  for (let start = 0; start < count; start += layout.block) {
    const size = Math.min(layout.block, count - start);
    quantiseBlock(loaded, forest, matrix, rows, start, size);
    const block = addBlock(loaded, forest, size, 0, forest.treeCount);
    sums.forEach((sum, k) => takeColumn(block, layout.width, k, sum.subarray(start, start + size)));
  }
  return sums;
}

/** Adds up some of the trees' values for the rows that were quantised. @returns `layout.width` a row */
export function addBlock(
  { kernel, memory }: LoadedKernel,
  { trees, layout, leafValues }: PackedForest,
  size: number,
  first: number,
  count: number,
): Float32Array {
  const padded = paddedTo(size);
  const block = new Float32Array(memory.buffer, layout.sums, padded * layout.width);
  block.fill(0);
  kernel.addTrees(
    trees + first * TREE_BYTES,
    count,
    padded,
    layout.places,
    layout.list,
    layout.leaves,
    layout.cells,
    layout.stride,
    layout.sums,
    layout.width,
    leafValues,
  );
  return block;
}

/** Quantises a block of rows, `size` of them from `start` on. */
export function quantiseBlock(
  { kernel, memory }: LoadedKernel,
  { layout, binnings }: PackedForest,
  matrix: Matrix,
  rows: ArrayLike<number> | undefined,
  start: number,
  size: number,
): void {
  const padded = paddedTo(size);
  const { block, values, planes, cells, stride } = layout;
  const column = new Float32Array(memory.buffer, values, size);
  let present = -1;
  for (const binning of binnings) {
    if (binning.column !== present) {
      present = binning.column;
      gather(matrix.columns[present] ?? NO_VALUES, rows, start, column);
    }
    const { left, right } = binning;
    kernel.quantise(
      values,
      padded,
      binning.address,
      binning.edges.length <= SEGMENT ? 1 : 0,
      left === -1 ? 0 : planes + left * block,
      cells + 8 * left,
      right === -1 ? 0 : planes + right * block,
      cells + 8 * right,
      stride,
    );
  }
}

function paddedTo(size: number): number {
  return Math.ceil(size / LANES) * LANES;
}

const NO_VALUES = new Float32Array();

function gather(
  values: Float32Array,
  rows: ArrayLike<number> | undefined,
  start: number,
  out: Float32Array,
): void {
  if (rows === undefined) {
    out.set(values.subarray(start, start + out.length));
    return;
  }
  for (let i = 0; i < out.length; i++) out[i] = values[rows[start + i] as number] as number;
}

/** Takes one column of a block of rows. */
function takeColumn(block: Float32Array, width: number, k: number, out: Float32Array): void {
  if (width === 1) {
    out.set(block.subarray(0, out.length));
    return;
  }
  for (let i = 0; i < out.length; i++) out[i] = block[i * width + k] as number;
}
