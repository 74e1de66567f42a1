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
} from "../column.ts";

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

/** What strings there are. */
export interface StringCounts {
  /** Rows with a value. */
  readonly present: number;
  /** Different values. */
  readonly distinct: number;
  /** Different values with as many rows as asked. */
  readonly frequent: number;
  /** Words in a value, on average over the different ones. */
  readonly words: number;
}

/** Counts the strings of a column. */
export function countStrings({ codes, dictionary }: StringColumn, leastRows = 1): StringCounts {
  const counts = new Uint32Array(dictionary.length);
  let present = 0;
  for (const code of codes) {
    if (code === MISSING_STRING) continue;
    present++;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let distinct = 0, frequent = 0, words = 0;
  for (const [code, count] of counts.entries()) {
    if (count === 0) continue;
    distinct++;
    if (count >= leastRows) frequent++;
    words += dictionary[code]?.trim().split(/\s+/).length ?? 0;
  }
  return { present, distinct, frequent, words: distinct === 0 ? 0 : words / distinct };
}
