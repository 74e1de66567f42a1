/**
 * Rows of a text file as they lie in its bytes, before anything is made of them.
 *
 * @module
 */

/** The cells of one column: cell `i` is the `sizes[i]` bytes of UTF-8 from `starts[i]` on. */
export interface Cells {
  readonly name: string;
  readonly starts: Uint32Array;
  readonly sizes: Uint32Array;
  /** Where the format tells strings from numbers: 1 for a string. */
  readonly strings?: Uint8Array;
  /** What is nested in this column, which therefore cannot be read. */
  readonly nested?: "list" | "struct";
}

/** Consecutive rows; valid until the next ones are asked for. */
export interface TextRows {
  readonly rows: number;
  readonly bytes: Uint8Array;
  readonly columns: readonly Cells[];
  /** The line of the file in which each row begins, from 1. */
  readonly lines: Uint32Array;
}

/** What is wrong with a text file, and where. */
export class TextError extends Error {
  override readonly name = "TextError";
  /** Of the data error that it becomes. */
  readonly code: string;
  /** From 1. */
  readonly line: number | undefined;
  readonly column: string | undefined;
  /** What the user does about it. */
  readonly todo: string;

  constructor(
    code: string,
    found: string,
    todo: string,
    { line, column }: { readonly line?: number; readonly column?: string } = {},
  ) {
    super(found);
    this.code = code;
    this.line = line;
    this.column = column;
    this.todo = todo;
  }
}

/** Longest row of a text file in bytes. */
export const MAX_ROW: number = 2 ** 20;

/** Most columns of a text file. */
export const MAX_COLUMNS = 10_000 as const;

export function tooLong(line: number): TextError {
  return new TextError(
    "data.line-too-long",
    `the row that begins in line ${line} is longer than ${MAX_ROW / 2 ** 20} MiB`,
    "Look for a quote that is never closed, or write the data as parquet",
    { line },
  );
}

export function notUtf8(line: number): TextError {
  return new TextError(
    "data.text-encoding",
    `line ${line} is not UTF-8`,
    "Write the file in UTF-8",
    { line },
  );
}
