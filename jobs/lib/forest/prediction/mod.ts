/**
 * Sums of trees: the fast form where a forest fits it, otherwise the plain one. Both give the same
 * bits.
 *
 * @module
 */

import type { Forest, Matrix } from "../forest.ts";
import { sumFast } from "./fast.ts";
import { type PackedForest, packForest } from "./pack.ts";
import { sumPlainly } from "./plain.ts";
import { type PlainForest, toPlainForm } from "./plain_form.ts";

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
  if (matrix.columns.length !== forest.columns) {
    throw new RangeError(
      `the forest takes ${forest.columns} columns, not ${matrix.columns.length}`,
    );
  }
  const { packed, plain } = preparedForm(forest);
  return packed === undefined
    ? sumPlainly(plain, forest.targets, matrix, rows)
    : sumFast(packed, forest.targets, matrix, rows);
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
