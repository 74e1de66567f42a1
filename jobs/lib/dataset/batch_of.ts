/**
 * Batches written by hand, for tests.
 *
 * @module
 */
import {
  type Batch,
  type Column,
  MISSING_BOOLEAN,
  MISSING_STRING,
  MISSING_TIMESTAMP,
} from "./column.ts";

/** A value of any column; a Date is a timestamp. */
export type Cell = number | boolean | string | bigint | Date | null;

/** A batch of the given columns, each of one kind as its first value is; all null makes a `null`. */
export function batchOf(columns: Readonly<Record<string, readonly Cell[]>>): Batch {
  const all = Object.entries(columns).map(([name, cells]) => columnOf(name, cells));
  const rows = Object.values(columns)[0]?.length ?? 0;
  return { rows, columns: all, file: "", firstRow: 0 };
}

function columnOf(name: string, cells: readonly Cell[]): Column {
  const first = cells.find((cell) => cell !== null);
  if (typeof first === "boolean") {
    const values = cells.map((cell) => cell === null ? MISSING_BOOLEAN : Number(cell));
    return { kind: "boolean", name, type: "bool", values: Uint8Array.from(values) };
  }
  if (typeof first === "string") return stringColumn(name, cells);
  if (typeof first === "bigint") {
    const exact = BigInt64Array.from(cells, (cell) => typeof cell === "bigint" ? cell : 0n);
    const values = Float64Array.from(cells, (cell) => cell === null ? NaN : Number(cell));
    return { kind: "number", name, type: "int64", values, exact };
  }
  if (first instanceof Date) {
    const values = BigInt64Array.from(
      cells,
      (cell) => cell === null ? MISSING_TIMESTAMP : BigInt(Number(cell)) * 1000n,
    );
    return { kind: "timestamp", name, type: "timestamp[us, UTC]", values };
  }
  const values = Float64Array.from(cells, (cell) => cell === null ? NaN : Number(cell));
  return { kind: "number", name, type: first === undefined ? "null" : "double", values };
}

function stringColumn(name: string, cells: readonly Cell[]): Column {
  const dictionary = [...new Set(cells.filter((cell) => typeof cell === "string" && cell !== ""))];
  const codes = cells.map((cell) => dictionary.indexOf(cell));
  return {
    kind: "string",
    name,
    type: "string",
    codes: Int32Array.from(codes, (code) => code === -1 ? MISSING_STRING : code),
    dictionary: dictionary.map(String),
  };
}
