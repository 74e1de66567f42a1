/**
 * What every format gives of one file.
 *
 * @module
 */
import type { Batch, Field, UnsupportedField } from "./column.ts";
import type { Seen } from "./text/seen.ts";

/** A column of one file. */
export type FileField = (Field | (UnsupportedField & { readonly kind?: never })) & {
  /** Where its type was guessed from its values, what they look like. */
  readonly seen?: Seen;
};

/** One file, of which everything but its values is known. */
export interface FileContent {
  /** Path or URI. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  readonly rows: number;
  readonly fields: readonly FileField[];
  /** Whether columns of other files that it does not have are simply missing in all its rows. */
  readonly sparse?: boolean;
  /** Reads its rows in order. */
  read(options: FileReadOptions): AsyncGenerator<Batch>;
}

/** Which part of a file to read, and how. */
export interface FileReadOptions {
  /** The columns to read, each of which the file has unless it is sparse. */
  readonly fields: readonly Field[];
  /** The column whose values are the rows' names. */
  readonly key?: Field;
  /** Most rows in a batch. */
  readonly batchRows: number;
  /** Skip this many rows. */
  readonly fromRow: number;
}
