/**
 * Rows that break a rule by themselves, put aside with the reason: `quarantine.ndjson`.
 *
 * @module
 */

import { join } from "node:path";
import { type Batch, type JsonValue, rowValues } from "../lib/dataset/mod.ts";

/** Name of the file. */
export const QUARANTINE_FILE = "quarantine.ndjson";

/** One line of the file. */
export interface QuarantinedRow {
  /** File of the data. */
  readonly file: string;
  /** Index in it, from 0. */
  readonly row: number;
  /** Every rule that the row breaks. */
  readonly reason: string;
  /** The row as it came. */
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** Where a row of a batch comes from. */
export type RowPlace = (row: number) => { readonly file: string; readonly row: number };

/** The lines of a batch's rejected rows, in the order of the rows. */
export function quarantineLines(
  batch: Batch,
  rejected: ReadonlyMap<number, string>,
  place: RowPlace = (row) => ({ file: batch.file, row: batch.firstRow + row }),
): string {
  return [...rejected].sort(([a], [b]) => a - b).map(([row, reason]) => {
    const line: QuarantinedRow = { ...place(row), reason, values: rowValues(batch, row) };
    return JSON.stringify(line) + "\n";
  }).join("");
}

/** The file while it is written, a batch at a time. */
export interface QuarantineFile extends AsyncDisposable {
  /** Adds lines. */
  write(lines: string): Promise<void>;
  /** Gives it its name; without a line there is no file afterwards. */
  close(): Promise<void>;
}

/** Begins the file of a folder; an older one stays until this one is closed. */
export async function quarantineFile(folder: string): Promise<QuarantineFile> {
  const name = join(folder, QUARANTINE_FILE);
  const temporary = `${name}.${crypto.randomUUID()}.tmp`;
  const file = await Deno.open(temporary, { write: true, createNew: true });
  let empty = true, open = true;
  return {
    write: async (lines) => {
      let bytes = new TextEncoder().encode(lines);
      if (bytes.length > 0) empty = false;
      while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
    },
    [Symbol.asyncDispose]: async () => {
      if (!open) return;
      file.close();
      await Deno.remove(temporary);
    },
    close: async () => {
      open = false;
      file.close();
      await Deno.rename(temporary, name);
      if (empty) await Deno.remove(name);
    },
  };
}

/** Where the rows of a whole dataset in one table come from. */
export function placeInFiles(
  files: readonly { readonly path: string; readonly rows: number }[],
): RowPlace {
  return (row) => {
    let first = 0;
    for (const { path, rows } of files) {
      if (row < first + rows) return { file: path, row: row - first };
      first += rows;
    }
    throw new RangeError(`there is no row ${row} in ${first}`);
  };
}

/** The rows of a table that are not rejected. */
export function keptRows(rows: number, rejected: ReadonlyMap<number, string>): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !rejected.has(row));
}
