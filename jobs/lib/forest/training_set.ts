/**
 * What training sets no engine can take.
 *
 * @module
 */

import { DataError } from "../errors.ts";
import type { TrainingSet } from "./forest.ts";
import { MAX_FLOAT32 } from "./quantise.ts";

/**
 * Refuses a training set that no forest can be grown on.
 *
 * @throws {DataError} Without rows or columns, with a label that is not a finite float32, with a
 *   negative or infinite weight, or with no positive weight at all.
 * @throws {RangeError} If the parts do not fit together, which is a bug of the caller.
 */
export function checkTrainingSet(set: TrainingSet): void {
  const { matrix, labels, weights, classes } = set;
  if (matrix.rows === 0) throw refusal("no-rows", "there are no rows", "Give it labelled rows");
  if (matrix.columns.length === 0) {
    throw refusal("no-columns", "there is no feature column", "Keep at least one feature");
  }
  const lengths = [labels.length, weights?.length ?? matrix.rows];
  for (const column of matrix.columns) lengths.push(column.length);
  if (lengths.some((length) => length !== matrix.rows)) {
    throw new RangeError(`labels, weights and columns must have ${matrix.rows} values each`);
  }
  if (classes > 0) checkClasses(labels, classes);
  else checkValues(labels);
  if (weights !== undefined) checkWeights(weights);
}

function checkClasses(labels: TrainingSet["labels"], classes: number): void {
  for (const label of labels) {
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(`class index ${label} is not one of ${classes} classes`);
    }
  }
}

function checkValues(labels: TrainingSet["labels"]): void {
  const row = labels.findIndex((label) => !(Math.abs(label) <= MAX_FLOAT32));
  if (row === -1) return;
  throw refusal(
    "label-not-finite",
    `the label of training row ${row} is ${labels[row]}`,
    "Remove such rows; a label must be a finite number of float32's range",
  );
}

function checkWeights(weights: Float32Array): void {
  const row = weights.findIndex((weight) => !(weight >= 0 && weight <= MAX_FLOAT32));
  if (row !== -1) {
    throw refusal(
      "bad-weight",
      `the weight of training row ${row} is ${weights[row]}`,
      "Give finite weights that are not negative",
    );
  }
  if (!weights.some((weight) => weight > 0)) {
    throw refusal("bad-weight", "all weights are 0", "Give at least one row a positive weight");
  }
}

function refusal(code: string, found: string, todo: string): DataError {
  return new DataError({ code: `forest.${code}`, cannot: "train a forest", found, todo });
}
