/**
 * Cells of text as columns.
 *
 * @module
 */
import {
  type Column,
  type Field,
  MISSING_BOOLEAN,
  MISSING_TIMESTAMP,
  type NumberColumn,
} from "../column.ts";
import { internStrings } from "../strings.ts";
import { missingColumn } from "../table.ts";
import { integerOf, isNumberText, numberOf } from "./numbers.ts";
import type { Cells } from "./rows.ts";
import { microsOf } from "./times.ts";

/** A cell is not what the column is. */
export class Misfit extends Error {
  override readonly name = "Misfit";
  /** Which cell. */
  readonly row: number;

  constructor(row: number) {
    super(`the cell of row ${row} is of another type`);
    this.row = row;
  }
}

/** Reads cells as a column of the given kind. @throws {Misfit} */
export function columnOf(field: Field, cells: Cells, bytes: Uint8Array): Column {
  const { name, kind, type } = field;
  switch (kind) {
    case "number":
      if (type === "null") return missingColumn(field, cells.starts.length);
      return { kind, name, type, ...numbersOf(type, cells, bytes) };
    case "boolean":
      return { kind, name, type, values: booleansOf(cells, bytes) };
    case "timestamp":
      return { kind, name, type, values: timesOf(cells, bytes) };
    case "string":
      return { kind, name, type, ...internStrings({ ...cells, bytes }, undefined) };
  }
}

function numbersOf(
  type: string,
  { starts, sizes, strings }: Cells,
  bytes: Uint8Array,
): Pick<NumberColumn, "values" | "exact"> {
  const rows = starts.length;
  const values = new Float64Array(rows).fill(NaN);
  const exact = type === "int64"
    ? new BigInt64Array(rows)
    : type === "uint64"
    ? new BigUint64Array(rows)
    : undefined;
  for (let row = 0; row < rows; row++) {
    const start = starts[row] ?? 0, size = sizes[row] ?? 0;
    if (size === 0) continue;
    const look = isNumberText(bytes, start, size);
    if (look === undefined || strings?.[row] === 1) throw new Misfit(row);
    const value = numberOf(bytes, start, size);
    values[row] = value;
    if (exact === undefined) continue;
    if (look === "fraction" || look === "huge") throw new Misfit(row);
    exact[row] = Number.isSafeInteger(value) ? BigInt(value) : integerOf(bytes, start, size);
  }
  return exact === undefined ? { values } : { values, exact };
}

const T = 0x74, F = 0x66;

function booleansOf({ starts, sizes, strings }: Cells, bytes: Uint8Array): Uint8Array {
  const values = new Uint8Array(starts.length).fill(MISSING_BOOLEAN);
  for (let row = 0; row < values.length; row++) {
    const size = sizes[row] ?? 0;
    if (size === 0) continue;
    const first = (bytes[starts[row] ?? 0] ?? 0) | 0x20;
    if (strings?.[row] === 1) throw new Misfit(row);
    if (first === T && size === 4) values[row] = 1;
    else if (first === F && size === 5) values[row] = 0;
    else throw new Misfit(row);
  }
  return values;
}

function timesOf({ starts, sizes }: Cells, bytes: Uint8Array): BigInt64Array {
  const values = new BigInt64Array(starts.length).fill(MISSING_TIMESTAMP);
  for (let row = 0; row < values.length; row++) {
    const size = sizes[row] ?? 0;
    if (size === 0) continue;
    const micros = microsOf(bytes, starts[row] ?? 0, size);
    if (micros === undefined) throw new Misfit(row);
    values[row] = micros;
  }
  return values;
}
