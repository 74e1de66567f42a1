/**
 * The label column: what is predicted, and its values.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import {
  type Batch,
  type Column,
  MISSING_BOOLEAN,
  MISSING_STRING,
  type NumberColumn,
} from "./column.ts";
import type { Objective, Target } from "./schema.ts";

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

/** More classes than this are taken for a mistake. */
export const MOST_CLASSES = 1000;

/**
 * Reads the labels of a batch, for training and for any labelled data later.
 *
 * @throws {DataError} `data.label-missing`, `data.label-type`
 */
export function targetValues(target: Target, batch: Batch): TargetValues {
  const { label } = target;
  const column = batch.columns.find((each) => each.name === label);
  if (!column) throw labelMissing(label, batch.columns.map((each) => each.name));
  if (target.objective === "regression") {
    if (column.kind !== "number") throw notNumeric(column);
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

/**
 * Finds out what a label column is good for.
 *
 * @param objective As told; without it classification.
 * @throws {DataError} `data.label-type`, `data.label-constant`, `data.label-classes`,
 * `data.label-mostly-missing`, `data.label-infinite`
 */
export function inferTarget(column: Column, objective: Objective = "classification"): Target {
  const target = objective === "regression" ? regression(column) : classification(column);
  const rows = lengthOf(column);
  const missing = missingOf(column);
  if (missing * 2 > rows) {
    throw refused(
      column,
      "data.label-mostly-missing",
      `${missing} of ${rows} rows have none`,
      "Give data whose label is known",
    );
  }
  return target;
}

function regression(column: Column): Target {
  if (column.kind !== "number") throw notNumeric(column);
  const infinite = column.values.filter((value) => value === Infinity || value === -Infinity);
  if (infinite.length > 0) {
    throw refused(
      column,
      "data.label-infinite",
      `${infinite.length} rows are infinite`,
      "Take these rows out or limit their values",
    );
  }
  const first = column.values.find((value) => !Number.isNaN(value));
  if (!column.values.some((value) => !Number.isNaN(value) && value !== first)) {
    throw constant(column, first);
  }
  return { objective: "regression", label: column.name };
}

function classification(column: Column): Target {
  const kind = classKind(column);
  const distinct = new Set<boolean | number | string>();
  const valueAt = classReader(column);
  for (let row = 0; row < lengthOf(column); row++) {
    const value = valueAt(row);
    if (value !== undefined) distinct.add(value);
    if (distinct.size > MOST_CLASSES) throw tooMany(column);
  }
  const [first] = distinct;
  if (distinct.size < 2) throw constant(column, first);
  // Unlike the default order, numbers ascend; strings compare by code units as everywhere.
  const classes = [...distinct].sort((a, b) => a < b ? -1 : 1);
  return { objective: "classification", label: column.name, kind, classes };
}

function classKind(column: Column): "boolean" | "integer" | "string" {
  if (column.kind === "boolean" || column.kind === "string") return column.kind;
  if (column.kind === "timestamp") {
    throw refused(column, "data.label-type", `it is ${column.type}`, "Name the column to predict");
  }
  const odd = column.values.find((value) => !Number.isNaN(value) && !Number.isSafeInteger(value));
  if (odd === undefined) return "integer";
  throw refused(
    column,
    "data.label-type",
    `it is ${column.type} with values such as ${odd}, which are no classes`,
    "Use --objective regression, or a label of whole numbers, strings or booleans",
  );
}

/** Reads a row's class; undefined where it is missing. */
function classReader(column: Column): (row: number) => boolean | number | string | undefined {
  switch (column.kind) {
    case "number":
      return (row) => {
        const value = column.values[row];
        return value === undefined || Number.isNaN(value) ? undefined : value;
      };
    case "boolean":
      return (row) => column.values[row] === MISSING_BOOLEAN ? undefined : column.values[row] === 1;
    case "string":
      return (row) => column.dictionary[column.codes[row] ?? MISSING_STRING];
    case "timestamp":
      return () => undefined;
  }
}

function lengthOf(column: Column): number {
  return column.kind === "string" ? column.codes.length : column.values.length;
}

function missingOf(column: Column): number {
  const valueAt = classReader(column);
  let missing = 0;
  for (let row = 0; row < lengthOf(column); row++) if (valueAt(row) === undefined) missing++;
  return missing;
}

function tooMany(column: Column): DataError {
  return refused(
    column,
    "data.label-classes",
    `it has more than ${MOST_CLASSES} different values`,
    column.kind === "number"
      ? "Use --objective regression, or a label with fewer classes"
      : "Use a label with fewer classes",
  );
}

function constant(column: Column, value: unknown): DataError {
  const found = value === undefined ? "it is missing in every row" : `every row has ${value}`;
  return refused(column, "data.label-constant", found, "Give data with rows of other labels too");
}

function notNumeric(column: NumberColumn | Column): DataError {
  return refused(
    column,
    "data.label-type",
    `it is ${column.type}, and regression predicts a number`,
    "Use --objective classification or a column of numbers",
  );
}

function refused(column: Column, code: string, found: string, todo: string): DataError {
  const { name } = column;
  return new DataError({
    code,
    cannot: `use column ${name} as the label`,
    found,
    todo,
    place: { column: name },
  });
}

/** The error for a label that is not there. */
export function labelMissing(label: string, names: readonly string[]): DataError {
  return columnMissing("data.label-missing", "label", label, names);
}

/** The error for a named column that is not there, with the name that was likely meant. */
export function columnMissing(
  code: string,
  role: string,
  name: string,
  names: readonly string[],
): DataError {
  const [closest] = names
    .map((each) => ({ each, distance: editDistance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= Math.max(2, Math.floor(each.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  const shown = names.slice(0, 50).join(", ") + (names.length > 50 ? ", …" : "");
  return new DataError({
    code,
    cannot: `use column ${name} as the ${role}`,
    found: `there is no such column; there are ${shown}`,
    todo: closest ? `Did you mean ${closest.each}?` : `Name one of these columns`,
    place: { column: name },
  });
}

/** Levenshtein's distance, of the first 100 characters. */
function editDistance(a: string, b: string): number {
  const from = [...a].slice(0, 100), to = [...b].slice(0, 100);
  let previous = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, char] of from.entries()) {
    const row = [i + 1];
    for (const [j, other] of to.entries()) {
      const replace = (previous[j] ?? 0) + Number(char !== other);
      row.push(Math.min(replace, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    previous = row;
  }
  return previous.at(-1) ?? 0;
}
