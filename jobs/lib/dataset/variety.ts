/**
 * Missing values, whatever the kind of the column, and how much the others differ.
 *
 * @module
 */
import {
  type Column,
  MISSING_BOOLEAN,
  MISSING_STRING,
  MISSING_TIMESTAMP,
  type StringColumn,
} from "./column.ts";

/** Whether an element of the column's array (of codes, for strings) stands for a missing value. */
export function isMissing(column: Column, value: number | bigint): boolean {
  switch (column.kind) {
    case "number":
      return Number.isNaN(value);
    case "boolean":
      return value === MISSING_BOOLEAN;
    case "string":
      return value === MISSING_STRING;
    case "timestamp":
      return value === MISSING_TIMESTAMP;
  }
}

/** Whether the rows have no value, a single one (and none missing), or more. */
export function varietyOf(column: Column): "none" | "one" | "more" {
  const values: ArrayLike<number | bigint> = column.kind === "string"
    ? column.codes
    : column.values;
  let first: number | bigint | undefined;
  let missing = false;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === undefined || isMissing(column, value)) missing = true;
    else if (first === undefined) first = value;
    else if (value !== first) return "more";
    if (missing && first !== undefined) return "more";
  }
  return first === undefined ? "none" : "one";
}

/** How many rows have a string, and how many different ones there are. */
export function countStrings(
  { codes, dictionary }: StringColumn,
): { present: number; distinct: number } {
  const used = new Uint8Array(dictionary.length);
  let present = 0, distinct = 0;
  for (const code of codes) {
    if (code === MISSING_STRING) continue;
    present++;
    if (used[code] === 0) distinct++;
    used[code] = 1;
  }
  return { present, distinct };
}
