/**
 * One parquet file: its footer, and its rows as batches.
 *
 * @module
 */
import { DataError, messageOf, PlatformError } from "../errors.ts";
import { type ArrowArray, type ArrowField, readArrowArray, readArrowSchema } from "./arrow.ts";
import type { Batch, Field } from "./column.ts";
import { decodeColumn, decodeKeys, TimestampRange } from "./decode.ts";
import { openSource, type SourceBlob } from "./source.ts";
import {
  decoderMemory,
  DecoderTrap,
  guarded,
  openParquet,
  type ParquetFile,
  RecordBatch,
} from "./wasm.ts";

/** What a file's footer says. */
export interface ParquetInfo {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  /** Rows of each row group. */
  readonly groups: readonly number[];
  readonly fields: readonly ArrowField[];
}

/** Which part of a file to read, and how. */
export interface ParquetOptions {
  /** The columns to read, each of which the file has. */
  readonly fields: readonly Field[];
  /** The column whose values are the rows' names. */
  readonly key?: Field;
  readonly batchRows: number;
  readonly fromRow: number;
}

/** Reads a file's footer. */
export async function inspectParquet(path: string): Promise<ParquetInfo> {
  using blob = await openSource(path);
  using parquet = await decoding(blob, () => openParquet(blob));
  return await decoding(blob, () => guarded(() => Promise.resolve(infoOf(blob, parquet))));
}

/** Reads a file's rows, of which one row group's bytes and one batch's values are in memory. */
export async function* readParquet(
  info: ParquetInfo,
  { fields, key, batchRows, fromRow }: ParquetOptions,
): AsyncGenerator<Batch> {
  let row = 0, skip = 0;
  const rowGroups: number[] = [];
  for (const [group, rows] of info.groups.entries()) {
    if (rowGroups.length === 0 && row + rows <= fromRow) row += rows;
    else if (rows > 0) rowGroups.push(group);
  }
  if (rowGroups.length === 0) return;
  skip = Math.max(0, fromRow - row);

  using blob = await openSource(info.path);
  using parquet = await decoding(blob, () => openParquet(blob));
  const now = await decoding(blob, () => guarded(() => Promise.resolve(infoOf(blob, parquet))));
  if (JSON.stringify(now) !== JSON.stringify(info)) throw changed(info.path);
  const columns = [...new Set([...fields, ...key ? [key] : []].map((field) => field.name))];
  const stream: ReadableStream = await decoding(
    blob,
    () => guarded(() => parquet.stream({ batchSize: batchRows, columns, rowGroups })),
  );
  const reader = stream.getReader();
  try {
    while (true) {
      const { done, value } = await decoding(blob, () => guarded(() => reader.read()));
      if (done) break;
      if (!(value instanceof RecordBatch)) throw new TypeError("the decoder gave no record batch");
      using batch = value;
      if (skip < batch.numRows) {
        yield toBatch(blob.path, row + skip, { fields, key }, batch, skip);
      }
      row += batch.numRows;
      skip = Math.max(0, skip - batch.numRows);
    }
  } finally {
    // Without this the decoder keeps the row group of an abandoned read.
    await guarded(() => reader.cancel()).catch(() => {});
  }
  if (row !== info.rows) {
    throw corrupt(info.path, `it has ${row} rows where its footer says ${info.rows}`);
  }
}

function infoOf(blob: SourceBlob, parquet: ParquetFile): ParquetInfo {
  using metadata = parquet.metadata();
  using file = metadata.fileMetadata();
  using schema = parquet.schema();
  using ffi = schema.toFFI();
  const groups = metadata.rowGroups().map((each) => {
    using group = each;
    return group.numRows();
  });
  const rows = file.numRows();
  if (rows !== groups.reduce((sum, group) => sum + group, 0) || !groups.every((n) => n >= 0)) {
    throw corrupt(blob.path, `its row groups of ${groups.join(", ")} rows are not ${rows} rows`);
  }
  const fields = readArrowSchema(decoderMemory(), ffi.addr()).children;
  return { path: blob.path, bytes: blob.size, rows, groups, fields };
}

function toBatch(
  file: string,
  firstRow: number,
  { fields, key }: { readonly fields: readonly Field[]; readonly key: Field | undefined },
  batch: RecordBatch,
  skip: number,
): Batch {
  using ffi = batch.toFFI();
  const memory = decoderMemory();
  const types = readArrowSchema(memory, ffi.schemaAddr()).children;
  const arrays = readArrowArray(memory, ffi.arrayAddr()).children;
  const decoded = <T>(
    field: Field,
    decode: (field: Field, type: ArrowField, array: ArrowArray) => T,
  ): T => {
    // The decoder's projection is by prefix and in the file's order.
    const index = types.findIndex((type) => type.name === field.name);
    const type = types[index], array = arrays[index];
    if (!type || !array) throw corrupt(file, `its rows have no column ${field.name}`);
    try {
      return decode(field, type, withoutFirst(array, skip));
    } catch (error) {
      if (!(error instanceof TimestampRange)) throw error;
      throw new DataError({
        code: "data.timestamp-range",
        cannot: "read the data",
        found:
          `column ${field.name} has a time of ${error.message}, beyond 64 bits of microseconds`,
        todo: "Write a time within 290,000 years of 1970, or a null",
        place: { file, column: field.name },
      });
    }
  };
  return {
    rows: batch.numRows - skip,
    columns: fields.map((field) => decoded(field, decodeColumn)),
    file,
    firstRow,
    ...(key === undefined ? {} : { keys: decoded(key, decodeKeys) }),
  };
}

function withoutFirst(array: ArrowArray, rows: number): ArrowArray {
  if (rows === 0) return array;
  return { ...array, offset: array.offset + rows, length: array.length - rows, nulls: -1 };
}

/** Runs a step of reading a file and says what is wrong with the file if it fails. */
async function decoding<T>(blob: SourceBlob, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof DataError) throw error;
    // A failed read surfaces in the decoder as any kind of error.
    if (blob.failure instanceof PlatformError) throw blob.failure;
    if (blob.failure !== undefined) throw unreadable(blob.path, blob.failure);
    if (error instanceof DecoderTrap && error.later) throw stopped(blob.path);
    const found = error instanceof DecoderTrap
      ? "its pages are corrupt or of an unsupported codec"
      : messageOf(error);
    throw corrupt(blob.path, found, error);
  }
}

function corrupt(file: string, found: string, cause?: unknown): DataError {
  return new DataError({
    code: "data.corrupt",
    cannot: `read ${file}`,
    found,
    todo: "Write the file again, or take it out of the folder",
    place: { file },
    cause,
  });
}

function stopped(file: string): DataError {
  return new DataError({
    code: "data.decoder-stopped",
    cannot: `read ${file}`,
    found: "a corrupt file has stopped the parquet decoder earlier in this process",
    todo: "Take the corrupt file away and start again",
    place: { file },
  });
}

function unreadable(file: string, cause: unknown): DataError {
  return new DataError({
    code: "data.unreadable",
    cannot: `read ${file}`,
    found: messageOf(cause),
    todo: "Check the file and the disk",
    place: { file },
    cause,
  });
}

function changed(file: string): DataError {
  return new DataError({
    code: "data.changed",
    cannot: `read ${file}`,
    found: "it is another file now than when the data was opened",
    todo: "Leave the data alone while it is read and start again",
    place: { file },
  });
}
