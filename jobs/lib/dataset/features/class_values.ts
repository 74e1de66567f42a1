/**
 * The values of a label column, as classes.
 *
 * @module
 */
import { type Column, MISSING_BOOLEAN, MISSING_STRING } from "../column.ts";

/** Reads a row's class; undefined where it is missing. A timestamp is never one. */
export function classReader(
  column: Column,
): (row: number) => boolean | number | string | undefined {
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
