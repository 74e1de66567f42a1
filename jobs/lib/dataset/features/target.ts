/**
 * The label column: what is predicted, and its values.
 *
 * @module
 */
import { DataError } from "../../errors.ts";
import { classReader } from "./class_values.ts";
import { columnMissing } from "../closest.ts";
import type { Batch } from "../column.ts";
import { notNumeric } from "./infer_target.ts";
import type { Target } from "./schema.ts";

/**
 * A label for each row: the class's index in {@linkcode Target}'s classes or -1 without a (known)
 * label; for regression the value or NaN.
 */
export type Labels = Int32Array | Float64Array;

/** Labels of a batch. */
export interface TargetValues {
  /** One for each row of the batch. */
  readonly labels: Labels;
  /** Rows without a label. */
  readonly missing: number;
  /** Rows whose label is none of the classes. */
  readonly unknown: number;
}

/**
 * Reads the labels of a batch, for training and for any labelled data later.
 *
 * @throws {DataError} `data.label-missing`, `data.label-type`
 */
export function targetValues(target: Target, batch: Batch): TargetValues {
  const { label } = target;
  const column = batch.columns.find((each) => each.name === label);
  if (!column) {
    const names = batch.columns.map((each) => each.name);
    throw new DataError(columnMissing("data.label-missing", "label", label, names));
  }
  if (target.objective === "regression") {
    if (column.kind !== "number") throw new DataError(notNumeric(column));
    const missing = column.values.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
    return { labels: column.values, missing, unknown: 0 };
  }
  if (column.type !== "null" && column.kind !== COLUMN_KIND[target.kind]) {
    throw new DataError({
      code: "data.label-type",
      cannot: `use column ${label} as the label`,
      found: `it is ${column.type}, where the model's classes are of kind ${target.kind}`,
      todo: "Give data with the label as it was in training",
      place: { column: label },
    });
  }
  const indices = new Map(target.classes.map((each, i) => [each, i]));
  const labels = new Int32Array(batch.rows).fill(-1);
  let missing = 0, unknown = 0;
  const valueAt = classReader(column);
  for (let row = 0; row < batch.rows; row++) {
    const value = valueAt(row);
    const index = value === undefined ? undefined : indices.get(value);
    if (index !== undefined) labels[row] = index;
    else if (value === undefined) missing++;
    else unknown++;
  }
  return { labels, missing, unknown };
}

/** The labels of some rows, in their order: `labels` of what `take` gives. */
export function takeLabels<L extends Labels>(labels: L, rows: Uint32Array): L;
export function takeLabels(labels: Labels, rows: Uint32Array): Labels {
  const picked = labels instanceof Int32Array
    ? new Int32Array(rows.length)
    : new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = labels[rows[i] ?? 0] ?? 0;
  return picked;
}

const COLUMN_KIND = { boolean: "boolean", integer: "number", string: "string" } as const;
