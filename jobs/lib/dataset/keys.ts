/**
 * The names of rows.
 *
 * @module
 */
import { type Batch, type Column, MISSING_BOOLEAN, MISSING_TIMESTAMP } from "./column.ts";

/**
 * The values of a column as exact strings: 64-bit integers with all digits, other numbers as
 * JavaScript writes them, timestamps in ISO 8601 (`2013-10-01T05:30:00Z`, six decimals if it has a
 * fraction), booleans as `true` and `false`; null where missing.
 *
 * @throws {TypeError} if the batch has no such column
 */
export function keysOf(batch: Batch, name: string): (string | null)[] {
  const column = batch.columns.find((each) => each.name === name);
  if (!column) throw new TypeError(`the batch has no column ${name}`);
  const keyAt = keyReader(column);
  return Array.from({ length: batch.rows }, (_, row) => keyAt(row));
}

function keyReader(column: Column): (row: number) => string | null {
  switch (column.kind) {
    case "number":
      return (row) => {
        const value = column.values[row] ?? NaN;
        return Number.isNaN(value) ? null : String(column.exact?.[row] ?? value);
      };
    case "boolean":
      return (row) =>
        column.values[row] === MISSING_BOOLEAN ? null : String(column.values[row] === 1);
    case "string":
      return (row) => column.dictionary[column.codes[row] ?? -1] ?? null;
    case "timestamp":
      return (row) => {
        const value = column.values[row] ?? MISSING_TIMESTAMP;
        return value === MISSING_TIMESTAMP ? null : isoTime(value);
      };
  }
}

/**
 * Microseconds since 1970 as ISO 8601 in UTC. Beyond what a Date holds (the years ±271,821) it is the
 * number of microseconds.
 */
export function isoTime(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((micros - rest) / 1000n));
  if (Number.isNaN(date.getTime())) return String(micros);
  const seconds = date.toISOString().slice(0, -5);
  return rest === 0n ? `${seconds}Z` : `${seconds}.${String(rest).padStart(6, "0")}Z`;
}
