/**
 * A record batch in the decoder's memory as our batch.
 *
 * @module
 */
import { DataError } from "../../errors.ts";
import { type ArrowArray, type ArrowField, readArrowArray, readArrowSchema } from "./arrow.ts";
import type { Batch, Field } from "../column.ts";
import { decodeColumn, decodeKeys, TimestampRange } from "./decode.ts";
import { corrupt } from "./errors.ts";
import { decoderMemory, type RecordBatch } from "./decoder.ts";

/** Which rows and columns. */
export interface BatchOptions {
  readonly file: string;
  /** Index in the file of the first row that is taken. */
  readonly firstRow: number;
  /** Rows of the batch before it. */
  readonly skip: number;
  readonly fields: readonly Field[];
  readonly key: Field | undefined;
}

/** Copies a batch's values out of the decoder's memory. @throws {DataError} */
export function toBatch(
  batch: RecordBatch,
  { file, firstRow, skip, fields, key }: BatchOptions,
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
