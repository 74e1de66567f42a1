/**
 * CSV: the header, and the rows below it.
 *
 * @module
 */
import { isUtf8 } from "node:buffer";
import { CsvRecord } from "./csv_record.ts";
import {
  type Cells,
  MAX_COLUMNS,
  MAX_ROW,
  notUtf8,
  TextError,
  type TextRows,
  tooLong,
} from "./rows.ts";

/** How to read CSV. */
export interface CsvOptions {
  /** One character of ASCII; found in the header unless told. */
  readonly delimiter?: string;
  /** Most rows at a time. */
  readonly batchRows: number;
}

/**
 * The rows of a CSV file. Its first row names the columns; every other has as many cells. An empty
 * cell is missing, quoted or not; lines without a character are skipped.
 *
 * @param blocks its bytes
 * @throws {TextError} `data.csv-…`, `data.duplicate-column`, `data.line-too-long`
 */
export async function* csvRows(
  blocks: AsyncIterable<Uint8Array>,
  { delimiter, batchRows }: CsvOptions,
): AsyncGenerator<TextRows> {
  let record: CsvRecord | undefined;
  let names: readonly string[] | undefined;
  let buffer = new Uint8Array(0);
  let held = 0;
  const parsed = function* (final: boolean): Generator<TextRows> {
    let from = 0;
    if (record === undefined) {
      from = byteOrderMark(buffer, held);
      record = new CsvRecord((delimiter ?? delimiterOf(buffer, held)).charCodeAt(0));
    }
    if (names === undefined) {
      const next = record.read(buffer, from, held, final);
      if (next >= 0 && record.count > 0) {
        names = namesOf(record, buffer);
        from = next;
      }
    }
    while (names !== undefined) {
      const { rows, next } = rowsFrom(record, names, buffer, from, held, final, batchRows);
      from = next;
      if (rows.rows > 0) yield rows;
      if (rows.rows < batchRows) break;
    }
    if (held - from > MAX_ROW) throw tooLong(record.line);
    buffer.copyWithin(0, from, held);
    held -= from;
  };
  for await (const block of blocks) {
    if (held + block.length > buffer.length) {
      const larger = new Uint8Array(held + block.length);
      larger.set(buffer.subarray(0, held));
      buffer = larger;
    }
    buffer.set(block, held);
    held += block.length;
    yield* parsed(false);
  }
  yield* parsed(true);
  if (names === undefined) {
    throw new TextError("data.empty", "the file is empty", "Give a file with a header and rows");
  }
}

function rowsFrom(
  record: CsvRecord,
  names: readonly string[],
  bytes: Uint8Array,
  from: number,
  to: number,
  final: boolean,
  batchRows: number,
): { rows: TextRows; next: number } {
  // A row takes a byte a cell at least.
  const most = Math.min(batchRows, Math.ceil((to - from) / names.length) + 1);
  const lines = new Uint32Array(most);
  const columns = names.map((name) => ({
    name,
    starts: new Uint32Array(most),
    sizes: new Uint32Array(most),
  }));
  let rows = 0, next = from;
  while (rows < batchRows) {
    const after = record.read(bytes, next, to, final);
    if (after < 0) break;
    const begun = next;
    next = after;
    if (record.count === 0) break;
    if (after - begun > MAX_ROW) throw tooLong(record.line);
    if (record.count !== names.length) throw ragged(record, names.length);
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c];
      if (column === undefined) continue;
      column.starts[rows] = record.starts[c] ?? 0;
      column.sizes[rows] = record.sizes[c] ?? 0;
    }
    lines[rows++] = record.line;
  }
  const used = columns.map(({ name, starts, sizes }): Cells => ({
    name,
    starts: starts.subarray(0, rows),
    sizes: sizes.subarray(0, rows),
  }));
  const read = { rows, bytes, columns: used, lines: lines.subarray(0, rows) };
  if (!isUtf8(bytes.subarray(from, next))) throw notUtf8(badLine(read));
  return { rows: read, next };
}

function badLine({ rows, bytes, columns, lines }: TextRows): number {
  for (let row = 0; row < rows; row++) {
    for (const { starts, sizes } of columns) {
      const start = starts[row] ?? 0;
      if (!isUtf8(bytes.subarray(start, start + (sizes[row] ?? 0)))) return lines[row] ?? 0;
    }
  }
  return lines[0] ?? 0;
}

function namesOf(record: CsvRecord, bytes: Uint8Array): string[] {
  if (record.count > MAX_COLUMNS) {
    throw header(`it has ${record.count} columns`, `Give at most ${MAX_COLUMNS}`);
  }
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const names: string[] = [];
  for (let c = 0; c < record.count; c++) {
    const start = record.starts[c] ?? 0;
    let name: string;
    try {
      name = decoder.decode(bytes.subarray(start, start + (record.sizes[c] ?? 0)));
    } catch {
      throw header("it is not UTF-8", "Write the file in UTF-8");
    }
    if (name.trim() === "") {
      throw header(
        `column ${c + 1} has no name`,
        "Name every column; pandas writes an unnamed one unless told index=False",
      );
    }
    if (name.includes("\0")) throw header("it has a NUL character", "Write the file in UTF-8");
    if (names.includes(name)) {
      throw new TextError(
        "data.duplicate-column",
        `it has two columns ${name}`,
        "Rename one of them",
        { line: record.line, column: name },
      );
    }
    names.push(name);
  }
  return names;

  function header(found: string, todo: string): TextError {
    return new TextError("data.csv-header", `of the header, ${found}`, todo, { line: record.line });
  }
}

function ragged(record: CsvRecord, expected: number): TextError {
  return new TextError(
    "data.csv-ragged",
    `line ${record.line} has ${record.count} cells and the header ${expected}`,
    "Give every row as many cells as the header has, and quote cells with the delimiter in them",
    { line: record.line },
  );
}

/** After the mark of UTF-8. @throws {TextError} for that of UTF-16 */
function byteOrderMark(bytes: Uint8Array, held: number): number {
  const [a, b, c] = bytes;
  if (held >= 3 && a === 0xef && b === 0xbb && c === 0xbf) return 3;
  if (held >= 2 && (a === 0xff && b === 0xfe || a === 0xfe && b === 0xff)) {
    throw new TextError("data.text-encoding", "it is UTF-16", "Write the file in UTF-8", {
      line: 1,
    });
  }
  return 0;
}

/** The one of comma, semicolon, tab and bar that the header has most of, outside quotes. */
function delimiterOf(bytes: Uint8Array, held: number): string {
  const counts = new Map([",", ";", "\t", "|"].map((each) => [each, 0]));
  let quoted = false;
  for (let at = 0; at < Math.min(held, MAX_ROW); at++) {
    const character = String.fromCharCode(bytes[at] ?? 0);
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === "\n") break;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  return [...counts].reduce((most, each) => each[1] > most[1] ? each : most)[0];
}
