/**
 * What a label column is good for.
 *
 * @module
 */
import type { Complaint } from "../errors.ts";
import { classReader } from "./class_values.ts";
import type { Column } from "./column.ts";
import type { Objective, Target } from "./schema.ts";

/** More classes than this are taken for a mistake. */
const MOST_CLASSES = 1000;

/**
 * The target that a label column makes, or why it makes none: `data.label-type`,
 * `data.label-constant`, `data.label-classes`, `data.label-mostly-missing`, `data.label-infinite`.
 *
 * @param objective As told; without it classification.
 */
export function inferTarget(
  column: Column,
  objective: Objective = "classification",
): Target | Complaint {
  const target = objective === "regression" ? regression(column) : classification(column);
  if ("code" in target) return target;
  const valueAt = classReader(column);
  const rows = rowsOf(column);
  let missing = 0;
  for (let row = 0; row < rows; row++) if (valueAt(row) === undefined) missing++;
  if (missing * 2 <= rows) return target;
  return refusal(
    column,
    "data.label-mostly-missing",
    `${missing} of ${rows} rows have none`,
    "Give data whose label is known",
  );
}

function regression(column: Column): Target | Complaint {
  if (column.kind !== "number") return notNumeric(column);
  const infinite = column.values.filter((value) => value === Infinity || value === -Infinity);
  if (infinite.length > 0) {
    return refusal(
      column,
      "data.label-infinite",
      `${infinite.length} rows are infinite`,
      "Take these rows out or limit their values",
    );
  }
  const first = column.values.find((value) => !Number.isNaN(value));
  const varies = column.values.some((value) => !Number.isNaN(value) && value !== first);
  return varies ? { objective: "regression", label: column.name } : constant(column, first);
}

function classification(column: Column): Target | Complaint {
  if (column.kind === "timestamp") {
    return refusal(column, "data.label-type", `it is ${column.type}`, "Name the column to predict");
  }
  const odd = column.kind === "number"
    ? column.values.find((value) => !Number.isNaN(value) && !Number.isSafeInteger(value))
    : undefined;
  if (odd !== undefined) return notClasses(column, odd);
  const distinct = new Set<boolean | number | string>();
  const valueAt = classReader(column);
  for (let row = 0; row < rowsOf(column) && distinct.size <= MOST_CLASSES; row++) {
    const value = valueAt(row);
    if (value !== undefined) distinct.add(value);
  }
  if (distinct.size > MOST_CLASSES) return tooMany(column);
  const [first] = distinct;
  if (distinct.size < 2) return constant(column, first);
  return {
    objective: "classification",
    label: column.name,
    kind: column.kind === "number" ? "integer" : column.kind,
    // Numbers by value and strings by code units, where the default order compares all as strings.
    classes: [...distinct].sort((a, b) => a < b ? -1 : 1),
  };
}

function rowsOf(column: Column): number {
  return column.kind === "string" ? column.codes.length : column.values.length;
}

/** The complaint about a label that is no number. */
export function notNumeric(column: Column): Complaint {
  return refusal(
    column,
    "data.label-type",
    `it is ${column.type}, and regression predicts a number`,
    "Use --objective classification or a column of numbers",
  );
}

function notClasses(column: Column, value: number): Complaint {
  return refusal(
    column,
    "data.label-type",
    `it is ${column.type} with values such as ${value}, which are no classes`,
    "Use --objective regression, or a label of whole numbers, strings or booleans",
  );
}

function tooMany(column: Column): Complaint {
  return refusal(
    column,
    "data.label-classes",
    `it has more than ${MOST_CLASSES} different values`,
    column.kind === "number"
      ? "Use --objective regression, or a label with fewer classes"
      : "Use a label with fewer classes",
  );
}

function constant(column: Column, value: unknown): Complaint {
  const found = value === undefined ? "it is missing in every row" : `every row has ${value}`;
  return refusal(column, "data.label-constant", found, "Give data with rows of other labels too");
}

function refusal({ name }: Column, code: string, found: string, todo: string): Complaint {
  return { code, cannot: `use column ${name} as the label`, found, todo, place: { column: name } };
}
