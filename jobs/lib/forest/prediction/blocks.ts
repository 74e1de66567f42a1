/**
 * What each tree by itself says of rows, a block of rows at a time.
 *
 * @module
 */

import type { Forest, Matrix } from "../forest.ts";
import { findLeaves } from "../route.ts";
import { addBlock, quantiseBlock } from "./fast.ts";
import { loadKernel } from "./kernel.ts";
import type { PackedForest } from "./pack.ts";

/** Consecutive rows; valid until something else is predicted. */
export interface RowBlock {
  /** The first of them. */
  readonly start: number;
  /** How many there are. */
  readonly size: number;
  /** Floats a row in what {@linkcode valuesOf} gives, at least the forest's targets. */
  readonly width: number;
  /** The values that a tree gives the rows, row by row; valid until the next call. */
  valuesOf(tree: number): Float32Array;
}

/** Opens the block that begins with a row, with the kernel. */
export function fastBlock(forest: PackedForest, matrix: Matrix, start: number): RowBlock {
  const loaded = loadKernel(forest);
  const { width } = forest.layout;
  const size = Math.min(forest.layout.block, matrix.rows - start);
  quantiseBlock(loaded, forest, matrix, undefined, start, size);
  return { start, size, width, valuesOf: (tree) => addBlock(loaded, forest, size, tree, 1) };
}

/** Rows of a block without the kernel. */
const PLAIN_BLOCK = 4096;

/** Opens the block that begins with a row, of a forest that the kernel cannot take. */
export function plainBlock({ trees, targets }: Forest, matrix: Matrix, start: number): RowBlock {
  const size = Math.min(PLAIN_BLOCK, matrix.rows - start);
  const rows = Int32Array.from({ length: size }, (_, i) => start + i);
  const leaves = new Int32Array(size);
  const values = new Float32Array(size * targets);
  const valuesOf = (number: number) => {
    const tree = trees[number];
    if (tree === undefined) throw new RangeError(`there is no tree ${number}`);
    findLeaves(tree, matrix, rows, size, leaves);
    leaves.forEach((leaf, i) => {
      values.set(tree.value.subarray(leaf * targets, (leaf + 1) * targets), i * targets);
    });
    return values;
  };
  return { start, size, width: targets, valuesOf };
}
