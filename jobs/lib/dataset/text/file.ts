/**
 * One text file: what its columns are, and its rows as batches.
 *
 * @module
 */
import { DataError } from "../../errors.ts";
import type { Batch, Field } from "../column.ts";
import type { FileContent, FileReadOptions } from "../data_file.ts";
import type { TextFormat } from "../format.ts";
import { packPlaced } from "../keys.ts";
import { openSource, type Source } from "../source.ts";
import { missingColumn } from "../table.ts";
import { blocksOf } from "./blocks.ts";
import { columnOf, Misfit } from "./columns.ts";
import { csvRows } from "./csv.ts";
import { ndjsonRows } from "./ndjson.ts";
import { type Cells, TextError, type TextRows } from "./rows.ts";
import { excerpt, type Seen, Sights, typeOfSeen } from "./seen.ts";

/** Rows that are looked at together. */
const ROWS = 16_384;

/**
 * Opens a text file by reading it once: its rows are counted, and the types of its columns found.
 *
 * @throws {DataError} `data.csv-…`, `data.json-line`, `data.text-encoding`, `data.line-too-long`,
 * `data.too-large`, `data.corrupt`, `data.duplicate-column`, and as `openSource` does
 * @throws {DependencyError} `storage.…`
 */
export async function openTextFile(path: string, format: TextFormat): Promise<FileContent> {
  using source = await openSource(path);
  const sights = new Sights(path);
  let rows = 0;
  for await (const each of located(path, rowsOf(source, format, { batchRows: ROWS }))) {
    sights.add(each);
    rows += each.rows;
  }
  const opened = { path, bytes: source.bytes, rows, tag: source.tag };
  return {
    ...opened,
    fields: [...sights.columns].map(([name, seen]) => ({ name, ...typeOfSeen(seen), seen })),
    ...(format.name === "ndjson" ? { sparse: true } : {}),
    read: (options) => located(path, readText(opened, format, sights.columns, options)),
  };
}

interface Opened {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  readonly tag: string | undefined;
}

async function* readText(
  opened: Opened,
  format: TextFormat,
  known: ReadonlyMap<string, Seen>,
  { fields, key, batchRows, fromRow }: FileReadOptions,
): AsyncGenerator<Batch> {
  const { path } = opened;
  using source = await openSource(path);
  if (source.bytes !== opened.bytes || source.tag !== opened.tag) throw changed(path);
  const names = [...new Set([...fields, ...key ? [key] : []].map(({ name }) => name))];
  let row = 0;
  for await (const read of rowsOf(source, format, { names, batchRows })) {
    const firstRow = row;
    row += read.rows;
    if (row <= fromRow) continue;
    const rows = from(read, Math.max(0, fromRow - firstRow));
    yield {
      rows: rows.rows,
      columns: fields.map((field) => decoded(field, rows, known.has(field.name), path)),
      file: path,
      firstRow: firstRow + read.rows - rows.rows,
      ...(key === undefined
        ? {}
        : { keys: packPlaced({ bytes: rows.bytes, ...cellsOf(key.name, rows) }, undefined) }),
    };
  }
  if (row !== opened.rows) throw changed(path);
}

function rowsOf(
  source: Source,
  { name, packed, delimiter }: TextFormat,
  { names, batchRows }: { readonly names?: readonly string[]; readonly batchRows: number },
): AsyncGenerator<TextRows> {
  const blocks = blocksOf(source, packed);
  return name === "csv"
    ? csvRows(blocks, { batchRows, ...(delimiter === undefined ? {} : { delimiter }) })
    : ndjsonRows(blocks, { batchRows, ...(names === undefined ? {} : { names }) });
}

function decoded(field: Field, read: TextRows, known: boolean, path: string) {
  if (!known) return missingColumn(field, read.rows);
  const cells = cellsOf(field.name, read);
  try {
    return columnOf(field, cells, read.bytes);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const { row } = error;
    const text = excerpt(read.bytes, cells.starts[row] ?? 0, cells.sizes[row] ?? 0);
    // Looked at when it was opened: it is no longer what it was.
    throw changed(path, `line ${read.lines[row]} has ${text} in column ${field.name} now`);
  }
}

function cellsOf(name: string, { columns, rows }: TextRows): Cells {
  return columns.find((cells) => cells.name === name) ??
    { name, starts: new Uint32Array(rows), sizes: new Uint32Array(rows) };
}

function from(read: TextRows, skip: number): TextRows {
  if (skip === 0) return read;
  return {
    rows: read.rows - skip,
    bytes: read.bytes,
    lines: read.lines.subarray(skip),
    columns: read.columns.map((cells) => ({
      ...cells,
      starts: cells.starts.subarray(skip),
      sizes: cells.sizes.subarray(skip),
      ...(cells.strings === undefined ? {} : { strings: cells.strings.subarray(skip) }),
    })),
  };
}

/** Says which file it is that something is wrong with. */
async function* located<T>(path: string, steps: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* steps;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const { code, message, todo, line, column } = error;
    throw new DataError({
      code,
      cannot: `read ${path}`,
      found: message,
      todo,
      place: {
        file: path,
        ...(line === undefined ? {} : { line }),
        ...(column === undefined ? {} : { column }),
      },
    });
  }
}

function changed(path: string, found = "it is another file now than when the data was opened") {
  return new DataError({
    code: "data.changed",
    cannot: `read ${path}`,
    found,
    todo: "Leave the data alone while it is read and start again",
    place: { file: path },
  });
}
