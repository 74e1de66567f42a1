/**
 * One parquet file: its footer, and its rows as batches.
 *
 * @module
 */
import { type ArrowField, readArrowSchema } from "./arrow.ts";
import type { Batch } from "../column.ts";
import { isText, keepDictionaries } from "./dictionaries.ts";
import type { FileContent, FileReadOptions } from "../data_file.ts";
import { fieldOf } from "./field.ts";
import { checkChunk, type Chunk, type Footer, readFooter } from "./pages/mod.ts";
import { toBatch } from "./batch.ts";
import { changed, corrupt, decoding, unplacedGroup } from "./errors.ts";
import { openBlob, type SourceBlob } from "./blob.ts";
import { type DecodedFile, decoderMemory, openParquet, RecordBatch } from "./decoder.ts";

/** What a file's footer says. */
interface ParquetInfo {
  readonly path: string;
  readonly bytes: number;
  /** Changes when the file is written again. */
  readonly tag: string;
  readonly rows: number;
  /** Rows of each row group. */
  readonly groups: readonly number[];
  readonly fields: readonly ArrowField[];
  readonly meanings: Footer["meanings"];
}

/** Bytes that a page may have; most writers make pages of 1 MiB, DuckDB of 100 MB. */
const MOST_PAGE = 2 ** 27;

/** Opens a parquet file by reading its footer. */
export async function openParquetFile(path: string): Promise<FileContent> {
  const info = await inspectParquet(path);
  const { bytes, rows } = info;
  return {
    path,
    bytes,
    rows,
    fields: info.fields.map((field) => fieldOf(field, info.meanings[field.name])),
    read: (options) => readParquet(info, options),
  };
}

/** Reads a file's footer. */
async function inspectParquet(path: string): Promise<ParquetInfo> {
  using blob = await openBlob(path);
  const footer = await footerOf(blob);
  return await alone(async () => {
    using parquet = await decoding(blob, () => openParquet(blob));
    return await infoOf(blob, footer, parquet);
  });
}

let last: Promise<unknown> = Promise.resolve();

/** Files that are opened at once are decoded one by one: one that stops the decoder stops no other. */
function alone<T>(step: () => Promise<T>): Promise<T> {
  const result = last.then(step);
  last = result.catch(() => {});
  return result;
}

/** Reads a file's rows, of which one row group's bytes and one batch's values are in memory. */
async function* readParquet(
  info: ParquetInfo,
  { fields, key, batchRows, fromRow }: FileReadOptions,
): AsyncGenerator<Batch> {
  const columns = [...new Set([...fields, ...key ? [key] : []].map((field) => field.name))];
  const rowGroups: number[] = [];
  let firstRow = 0;
  for (const [group, rows] of info.groups.entries()) {
    if (rowGroups.length === 0 && firstRow + rows <= fromRow) firstRow += rows;
    else if (rows > 0) rowGroups.push(group);
  }
  if (rowGroups.length === 0) return;
  const coded = fields.flatMap(({ name, kind }) =>
    kind === "string" && name !== key?.name ? [name] : []
  );
  const take = (batch: RecordBatch, start: number) => {
    const skip = Math.max(0, fromRow - start);
    const { path: file } = info;
    if (skip >= batch.numRows) return undefined;
    return toBatch(batch, { file, firstRow: start + skip, skip, fields, key });
  };
  try {
    for await (
      const batch of decodeRows(info, { columns, coded, rowGroups, firstRow, batchRows }, take)
    ) if (batch) yield batch;
  } catch (error) {
    const group = unplacedGroup(error);
    if (group !== undefined) await readAlone(info, columns, { group, batchRows });
    throw error;
  }
}

interface Part {
  readonly columns: readonly string[];
  /** Of these, the strings that may be given as indices into a dictionary; none unless told. */
  readonly coded?: readonly string[];
  readonly rowGroups: readonly number[];
  /** Index in the file of the first of these groups' rows. */
  readonly firstRow: number;
  readonly batchRows: number;
}

/** Gives what `take` makes of each record batch, which is freed after it. */
async function* decodeRows<T>(
  info: ParquetInfo,
  { columns, coded = [], rowGroups, firstRow, batchRows }: Part,
  take: (batch: RecordBatch, firstRow: number) => T,
): AsyncGenerator<T> {
  using blob = await openBlob(info.path);
  const footer = await footerOf(blob);
  const needed = rowGroups.map((group) => chunksOf(footer, group, columns));
  blob.inspect = (start, bytes) => checkChunks(needed, start, bytes);
  using parquet = await reopen(info, { blob, footer, needed, coded });
  blob.plan(needed);
  const reader = await decoding(blob, () =>
    parquet.run(async (file) => {
      const options = { batchSize: batchRows, columns: [...columns], rowGroups: [...rowGroups] };
      return (await file.stream(options)).getReader();
    }));
  let row = firstRow;
  const next = async (): Promise<{ taken: T } | { error: unknown } | undefined> => {
    const { done, value } = await reader.read();
    if (done) return undefined;
    if (!(value instanceof RecordBatch)) throw new TypeError("the decoder gave no record batch");
    using batch = value;
    try {
      return { taken: take(batch, row) };
    } catch (error) {
      // Ours, not the decoder's.
      if (!(error instanceof WebAssembly.RuntimeError)) return { error };
      throw error;
    } finally {
      row += batch.numRows;
    }
  };
  try {
    while (true) {
      const [column, ...others] = columns;
      const place = { rowGroup: groupOf(info, row), ...others.length === 0 ? { column } : {} };
      const batch = await decoding(blob, () => parquet.run(next), place);
      if (batch === undefined) break;
      if ("error" in batch) throw batch.error;
      yield batch.taken;
    }
  } finally {
    // Without this the decoder keeps the row group of an abandoned read.
    await parquet.run(() => reader.cancel()).catch(() => {});
    await blob.idle();
  }
  const rows = rowGroups.reduce((sum, group) => sum + (info.groups[group] ?? 0), 0);
  if (row !== firstRow + rows) {
    throw corrupt(info.path, `it has ${row - firstRow} rows where its footer says ${rows}`);
  }
}

interface Reopened {
  readonly blob: SourceBlob;
  readonly footer: Footer;
  /** What is going to be read. */
  readonly needed: readonly Chunk[][];
  readonly coded: readonly string[];
}

/** Opens the file that was inspected. @throws {DataError} `data.changed` */
async function reopen(
  info: ParquetInfo,
  { blob, footer, needed, coded }: Reopened,
): Promise<DecodedFile> {
  const most = Math.max(...needed.map(sizeOf));
  const open = () => decoding(blob, () => openParquet(blob, most));
  const dictionaries = dictionariesOf(info, needed, coded);
  if (dictionaries.size > 0) {
    const { bytes, start } = await blob.footer();
    const { fields } = info;
    blob.showFooter(keepDictionaries(bytes.subarray(0, footer.size), fields, dictionaries), start);
    const parquet = await open();
    if (typesIn(await infoOf(blob, footer, parquet)) === typesIn(info)) return parquet;
    parquet[Symbol.dispose]();
    blob.showFooter(bytes, start);
  }
  const parquet = await open();
  if (JSON.stringify(await infoOf(blob, footer, parquet)) === JSON.stringify(info)) return parquet;
  parquet[Symbol.dispose]();
  throw changed(info.path);
}

/** A file, and what its columns are to us. */
function typesIn({ fields, ...file }: ParquetInfo): string {
  return JSON.stringify([file, fields.map((field) => fieldOf(field))]);
}

/** The columns that have a dictionary wherever they are read. */
function dictionariesOf(
  { fields }: ParquetInfo,
  needed: readonly Chunk[][],
  coded: readonly string[],
): Set<string> {
  if (fields.some(({ children }) => children.length > 0)) return new Set();
  const texts = fields.filter((field) => coded.includes(field.name) && isText(field));
  const chunks = Map.groupBy(needed.flat(), ({ place }) => place.column);
  const kept = texts.filter(({ name }) => chunks.get(name)?.every(({ dictionary }) => dictionary));
  return new Set(kept.map(({ name }) => name));
}

/** Reads columns of a row group one by one, so that the one that is corrupt throws with its name. */
async function readAlone(
  info: ParquetInfo,
  columns: readonly string[],
  { group, batchRows }: { readonly group: number; readonly batchRows: number },
): Promise<void> {
  const firstRow = info.groups.slice(0, group).reduce((sum, rows) => sum + rows, 0);
  for (const column of columns) {
    const part = { columns: [column], rowGroups: [group], firstRow, batchRows };
    for await (const _ of decodeRows(info, part, () => {}));
  }
}

async function footerOf(blob: SourceBlob): Promise<Footer> {
  return await decoding(blob, async () => {
    const { bytes, start } = await blob.footer();
    return readFooter(bytes, start);
  });
}

async function infoOf(
  blob: SourceBlob,
  { rows, groups, meanings }: Footer,
  parquet: DecodedFile,
): Promise<ParquetInfo> {
  const fields = await decoding(blob, () =>
    parquet.run((file) => {
      using schema = file.schema();
      using ffi = schema.toFFI();
      return readArrowSchema(decoderMemory(), ffi.addr()).children;
    }));
  return {
    path: blob.path,
    bytes: blob.sourceBytes,
    tag: blob.tag,
    rows,
    groups: groups.map(({ rows }) => rows),
    meanings,
    fields,
  };
}

/** Of a row group, what is read for these columns. */
function chunksOf({ groups }: Footer, group: number, columns: readonly string[]): Chunk[] {
  return groups[group]?.chunks.filter(({ place: { column = "" } }) =>
    columns.some((name) => column === name || column.startsWith(`${name}.`))
  ) ?? [];
}

function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Checks the chunks that lie in bytes that were read. */
function checkChunks(groups: readonly Chunk[][], start: number, bytes: Uint8Array): void {
  for (const chunk of groups.flat()) {
    if (chunk.start < start || chunk.end > start + bytes.length) continue;
    checkChunk(bytes.subarray(chunk.start - start, chunk.end - start), chunk, MOST_PAGE);
  }
}

/** The row group that a row is in. */
function groupOf({ groups }: ParquetInfo, row: number): number {
  for (const [group, rows] of groups.entries()) {
    if (row < rows) return group;
    row -= rows;
  }
  return groups.length - 1;
}
