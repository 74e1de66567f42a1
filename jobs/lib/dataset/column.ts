/**
 * Columns as typed arrays, and batches of them: what the reader yields and everything after it
 * works on.
 *
 * @module
 */

/** The int64 that stands for a missing timestamp, in memory and in the ONNX graph. */
export const MISSING_TIMESTAMP: bigint = -(2n ** 63n);
/** The code of a missing string in {@linkcode StringColumn.codes}. */
export const MISSING_STRING: number = -1;
/** The byte of a missing boolean in {@linkcode BooleanColumn.values}. */
export const MISSING_BOOLEAN = 255 as const;

/** Names of the kinds a column can have. */
export type ColumnKind = Column["kind"];

/** Numbers of any width, times of day as seconds; NaN is missing. */
export interface NumberColumn {
  /** Tells the kinds apart. */
  readonly kind: "number";
  /** As in the file. */
  readonly name: string;
  /** The type it has in the file: `int8` … `uint64`, `float`, `double`, `decimal(10,2)`. */
  readonly type: string;
  /** One a row. */
  readonly values: Float64Array;
  /** The exact values of a 64-bit integer column (undefined elsewhere); 0 where missing. */
  readonly exact?: BigInt64Array | BigUint64Array;
}

/** Booleans as 0, 1 and {@linkcode MISSING_BOOLEAN}. */
export interface BooleanColumn {
  /** Tells the kinds apart. */
  readonly kind: "boolean";
  /** As in the file. */
  readonly name: string;
  /** The type it has in the file. */
  readonly type: string;
  /** One a row. */
  readonly values: Uint8Array;
}

/** Strings as codes into a dictionary; {@linkcode MISSING_STRING} is missing. */
export interface StringColumn {
  /** Tells the kinds apart. */
  readonly kind: "string";
  /** As in the file. */
  readonly name: string;
  /** Always `string`, however it is encoded. */
  readonly type: string;
  /** One a row: an index into the dictionary. */
  readonly codes: Int32Array;
  /** Entries are distinct; `""` counts as missing and is never an entry that a code points to. */
  readonly dictionary: readonly string[];
}

/** Microseconds since 1970 in UTC; {@linkcode MISSING_TIMESTAMP} is missing. Dates are midnights. */
export interface TimestampColumn {
  /** Tells the kinds apart. */
  readonly kind: "timestamp";
  /** As in the file. */
  readonly name: string;
  /** The type it has in the file. */
  readonly type: string;
  /** One a row. */
  readonly values: BigInt64Array;
}

/** One named column. */
export type Column = NumberColumn | BooleanColumn | StringColumn | TimestampColumn;

/** Names of rows in UTF-8: row `i`'s is `bytes[offsets[i], offsets[i + 1])`, and missing if that is empty. */
export interface PackedKeys {
  /** Holds them all. */
  readonly bytes: Uint8Array;
  /** One more than rows. */
  readonly offsets: Uint32Array;
}

/** Consecutive rows of one file. */
export interface Batch {
  /** Length of every column. */
  readonly rows: number;
  /** In the order asked for. */
  readonly columns: readonly Column[];
  /** The file they come from, as {@linkcode DataFile.path} has it; `""` for several files. */
  readonly file: string;
  /** Index in that file of the first row, from 0. */
  readonly firstRow: number;
  /** The names of the rows, where they were asked for. */
  readonly keys?: PackedKeys;
}

/** One column of a dataset, known without reading its values. A column of nulls only: type `null`. */
export interface Field {
  /** As in the file. */
  readonly name: string;
  /** What it is read as. */
  readonly kind: ColumnKind;
  /** The type it has in the file; the wider one if files differ. */
  readonly type: string;
}

/** One file of a dataset. */
export interface DataFile {
  /** As found: below what the user gave. */
  readonly path: string;
  /** How many it has. */
  readonly rows: number;
  /** Its size. */
  readonly bytes: number;
}

/** A column of a type that is not read: nested, binary, a duration. */
export interface UnsupportedField {
  /** As in the file. */
  readonly name: string;
  /** As Arrow calls it: `list`, `binary`, `duration[us]`. */
  readonly type: string;
}

/** Files with one schema, in the order of their paths. */
export interface Dataset {
  /** What the user gave. */
  readonly uri: string;
  /** In the order of their paths. */
  readonly files: readonly DataFile[];
  /** Of all files. */
  readonly rows: number;
  /** The columns that can be read, in the order of the first file. */
  readonly fields: readonly Field[];
  /** Columns that are there and cannot be read; not in {@linkcode fields}. */
  readonly unsupported: readonly UnsupportedField[];
  /** What the user may want to know of how the files were understood, a sentence each. */
  readonly notices?: readonly string[];
  /**
   * Reads in order, file by file; a batch never crosses files and has at most `batchRows` rows.
   * Memory holds one row group's bytes and one batch's values, whatever the size of the files.
   */
  batches(options?: ReadOptions): AsyncIterable<Batch>;
}

/** Which part of a dataset to read. */
export interface ReadOptions {
  /** Only these columns, in this order; all unless told. */
  readonly columns?: readonly string[];
  /** Give this column's values as {@linkcode Batch.keys}, whether it is among the columns or not. */
  readonly keyColumn?: string;
  /** Most rows in a batch (a batch ends with its row group too); 16,384 unless told. */
  readonly batchRows?: number;
  /** Skip this many rows of the whole dataset. */
  readonly fromRow?: number;
  /** Only these files (paths as in {@linkcode Dataset.files}), in this order. */
  readonly files?: readonly string[];
}
