/**
 * The names of rows.
 *
 * @module
 */
import {
  type Batch,
  type Column,
  MISSING_BOOLEAN,
  MISSING_TIMESTAMP,
  type PackedKeys,
} from "./column.ts";
import type { PlacedStrings, Validity } from "./strings.ts";

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

/** The values of a column as {@linkcode keysOf} has them, in UTF-8. */
export function packColumn(column: Column, rows: number): PackedKeys {
  const keyAt = keyReader(column);
  return packKeys(Array.from({ length: rows }, (_, row) => keyAt(row)));
}

/** Puts keys one behind the other; null is missing, and so is `""`. */
export function packKeys(keys: readonly (string | null)[]): PackedKeys {
  const texts = keys.map((key) => encoder.encode(key ?? ""));
  const offsets = new Uint32Array(keys.length + 1);
  texts.forEach(({ length }, row) => offsets[row + 1] = (offsets[row] ?? 0) + length);
  const bytes = new Uint8Array(offsets[keys.length] ?? 0);
  texts.forEach((text, row) => bytes.set(text, offsets[row]));
  return { bytes, offsets };
}

const encoder = new TextEncoder();

/** Copies strings from where they are; those that are not valid are missing. */
export function packPlaced(
  { bytes: from, starts, sizes }: PlacedStrings,
  isValid: Validity,
): PackedKeys {
  const rows = starts.length;
  const offsets = new Uint32Array(rows + 1);
  const first = starts[0] ?? 0;
  let together = true; // one behind the other, as Arrow has them
  for (let row = 0; row < rows; row++) {
    const size = isValid?.(row) === false ? 0 : sizes[row] ?? 0;
    const offset = offsets[row] ?? 0;
    together &&= size === 0 || starts[row] === first + offset;
    offsets[row + 1] = offset + size;
  }
  const size = offsets[rows] ?? 0;
  if (together) return { bytes: from.slice(first, first + size), offsets };
  const bytes = new Uint8Array(size);
  for (let row = 0; row < rows; row++) {
    const end = offsets[row + 1] ?? 0;
    for (let at = offsets[row] ?? 0, source = starts[row] ?? 0; at < end;) {
      bytes[at++] = from[source++] ?? 0;
    }
  }
  return { bytes, offsets };
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

/** Microseconds since midnight as `05:30:00`, with six decimals if there is a fraction. */
export function clockText(micros: number): string {
  const seconds = Math.floor(micros / 1e6), rest = micros - seconds * 1e6;
  const two = (part: number) => String(Math.floor(part)).padStart(2, "0");
  const clock = `${two(seconds / 3600)}:${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
  return rest === 0 ? clock : `${clock}.${String(rest).padStart(6, "0")}`;
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
