/**
 * NDJSON: one JSON object a line.
 *
 * @module
 */
import { MAX_COLUMNS, MAX_ROW, notUtf8, TextError, type TextRows, tooLong } from "./rows.ts";

/** How to read NDJSON. */
export interface NdjsonOptions {
  /** Only these columns; all that there are unless told. */
  readonly names?: readonly string[];
  /** Most rows at a time. */
  readonly batchRows: number;
}

/**
 * The rows of an NDJSON file. A key that a line does not have is missing, and so are `null` and `""`.
 * Integers keep all their digits. Lines of blanks only are skipped.
 *
 * @param blocks its bytes
 * @throws {TextError} `data.json-line`, `data.text-encoding`, `data.line-too-long`
 */
export async function* ndjsonRows(
  blocks: AsyncIterable<Uint8Array>,
  { names, batchRows }: NdjsonOptions,
): AsyncGenerator<TextRows> {
  const wanted = names === undefined ? undefined : new Set(names);
  let built = new Rows(wanted, batchRows);
  let line = 0;
  for await (const bytes of linesOf(blocks)) {
    line++;
    if (bytes.length > MAX_ROW) throw tooLong(line);
    const cells = objectOf(bytes, line);
    if (cells === undefined) continue;
    built.add(cells, line);
    if (built.full) {
      yield built.rows();
      built = new Rows(wanted, batchRows);
    }
  }
  const last = built.rows();
  if (last.rows > 0) yield last;
}

const LF = 0x0a;

async function* linesOf(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  for await (const block of blocks) {
    let from = 0;
    for (let end = block.indexOf(LF); end >= 0; end = block.indexOf(LF, from)) {
      const line = block.subarray(from, end);
      yield rest.length === 0 ? line : joined(rest, line);
      rest = new Uint8Array(0);
      from = end + 1;
    }
    rest = joined(rest, block.subarray(from));
    // Who reads the line refuses it.
    if (rest.length > MAX_ROW) yield rest;
  }
  yield rest;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function objectOf(bytes: Uint8Array, line: number): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw notUtf8(line);
  }
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = LONG.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    throw notJson(line, "is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw notJson(line, "is not a JSON object");
  }
  return Object.fromEntries(Object.entries(value));
}

/** Digits beyond what a double holds, perhaps. */
const LONG = /\d{16}/;

/** Integers of many digits as they are written; everything else as JSON.parse has it. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined || !/^-?\d{16,}$/.test(source)) {
    return value;
  }
  return BigInt(source);
}

function notJson(line: number, found: string): TextError {
  return new TextError(
    "data.json-line",
    `line ${line} ${found}`,
    'Give one object a line: {"distance": 1089, "carrier": "AA"}',
    { line },
  );
}

/** Cells of one column; those after its last value are missing. */
interface Column {
  readonly name: string;
  starts: Uint32Array;
  sizes: Uint32Array;
  strings: Uint8Array;
  nested?: "list" | "struct";
}

/** Bytes of one batch, and cells, before its rows are given. */
const ENOUGH = 4 * 2 ** 20;
/** Rows that a column has room for at first. */
const FEW = 64;

const encoder = new TextEncoder();

/** Builds rows of objects: their values as text, one behind the other. */
class Rows {
  readonly #columns = new Map<string, Column>();
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #lines: Uint32Array;
  readonly #most: number;
  #bytes = new Uint8Array(65_536);
  #used = 0;
  #rows = 0;

  constructor(wanted: ReadonlySet<string> | undefined, most: number) {
    this.#wanted = wanted;
    this.#most = most;
    this.#lines = new Uint32Array(most);
    for (const name of wanted ?? []) this.#column(name);
  }

  get full(): boolean {
    return this.#rows === this.#most || this.#used > ENOUGH ||
      this.#rows * this.#columns.size > ENOUGH;
  }

  add(object: Readonly<Record<string, unknown>>, line: number): void {
    for (const [name, value] of Object.entries(object)) {
      if (this.#wanted !== undefined && !this.#wanted.has(name)) continue;
      const column = this.#columns.get(name) ?? this.#column(name);
      if (value === null || value === undefined) continue;
      if (typeof value === "object") {
        column.nested = Array.isArray(value) ? "list" : "struct";
        continue;
      }
      if (this.#rows >= column.starts.length) resize(column, this.#rows * 2);
      column.starts[this.#rows] = this.#used;
      column.sizes[this.#rows] = this.#write(Object.is(value, -0) ? "-0.0" : String(value));
      column.strings[this.#rows] = typeof value === "string" ? 1 : 0;
    }
    if (this.#columns.size > MAX_COLUMNS) {
      throw new TextError(
        "data.json-line",
        `up to line ${line} there are more than ${MAX_COLUMNS} different keys`,
        "Give the values of one column the same key in every line",
        { line },
      );
    }
    this.#lines[this.#rows++] = line;
  }

  rows(): TextRows {
    const rows = this.#rows;
    return {
      rows,
      bytes: this.#bytes,
      lines: this.#lines.subarray(0, rows),
      columns: [...this.#columns.values()].map((column) => {
        resize(column, rows);
        return column;
      }),
    };
  }

  #column(name: string): Column {
    const column = {
      name,
      starts: new Uint32Array(FEW),
      sizes: new Uint32Array(FEW),
      strings: new Uint8Array(FEW),
    };
    this.#columns.set(name, column);
    return column;
  }

  #write(text: string): number {
    // A character takes three bytes of UTF-8 at most.
    const most = this.#used + text.length * 3;
    if (most > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(most, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.#used));
    this.#used += written;
    return written;
  }
}

function resize(column: Column, rows: number): void {
  const { starts, sizes, strings } = column;
  column.starts = resized(starts, new Uint32Array(rows));
  column.sizes = resized(sizes, new Uint32Array(rows));
  column.strings = resized(strings, new Uint8Array(rows));
}

function resized<A extends Uint32Array | Uint8Array>(values: A, into: A): A {
  into.set(values.subarray(0, into.length));
  return into;
}
