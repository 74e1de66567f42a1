/**
 * Sums of trees: the fast form where a forest fits it, otherwise the plain one. Both give the same
 * bits.
 *
 * @module
 */

import type { Forest, Matrix } from "../forest.ts";
import { fastBlock, plainBlock, type RowBlock } from "./blocks.ts";
import { sumFast } from "./fast.ts";
import { type PackedForest, packForest } from "./pack.ts";
import { sumPlainly } from "./plain.ts";
import { type PlainForest, toPlainForm } from "./plain_form.ts";

export type { RowBlock } from "./blocks.ts";

/**
 * The trees' values added up in float32, in the order of the trees: one array a target.
 *
 * @param rows Which rows, in which order; all unless given.
 * @throws {RangeError} If the matrix has not the forest's number of columns.
 */
export function sumTrees(
  forest: Forest,
  matrix: Matrix,
  rows?: ArrayLike<number>,
): Float32Array[] {
  checkWidth(forest, matrix);
  const { packed, plain } = preparedForm(forest);
  return packed === undefined
    ? sumPlainly(plain, forest.targets, matrix, rows)
    : sumFast(packed, forest.targets, matrix, rows);
}

/**
 * Opens the block of rows that begins with `start`: what each tree by itself says of them.
 *
 * @throws {RangeError} If the matrix has not the forest's number of columns.
 */
export function openBlock(forest: Forest, matrix: Matrix, start: number): RowBlock {
  checkWidth(forest, matrix);
  const { packed } = preparedForm(forest);
  return packed === undefined
    ? plainBlock(forest, matrix, start)
    : fastBlock(packed, matrix, start);
}

function checkWidth(forest: Forest, { columns }: Matrix): void {
  if (columns.length === forest.columns) return;
  throw new RangeError(`the forest takes ${forest.columns} columns, not ${columns.length}`);
}

type Prepared =
  | { readonly packed: PackedForest; readonly plain?: never }
  | { readonly packed?: never; readonly plain: PlainForest };

/** Forests are not changed once made, so their prepared form is kept as long as they are. */
const preparedForests = new WeakMap<Forest, Prepared>();

function preparedForm(forest: Forest): Prepared {
  const known = preparedForests.get(forest);
  if (known !== undefined) return known;
  const packed = packForest(forest);
  const prepared = packed === undefined ? { plain: toPlainForm(forest) } : { packed };
  preparedForests.set(forest, prepared);
  return prepared;
}
