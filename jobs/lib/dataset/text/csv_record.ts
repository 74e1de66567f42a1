/**
 * One record of a CSV file: RFC 4180, and a quote inside a cell that does not begin with one is a
 * character as any other.
 *
 * @module
 */
import { TextError } from "./rows.ts";

const QUOTE = 0x22, LF = 0x0a, CR = 0x0d;

/** Reads records out of a buffer; the cells of the last one are in it. */
export class CsvRecord {
  starts: Uint32Array = new Uint32Array(64);
  sizes: Uint32Array = new Uint32Array(64);
  /** Cells of the record. */
  count = 0;
  /** Line of the file where the record begins, from 1. */
  line = 1;
  #next = 1;
  readonly #delimiter: number;
  /** Cells with doubled quotes. */
  #escaped: number[] = [];

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /**
   * Reads the record at `from`; lines without a character are skipped.
   *
   * @param final whether nothing follows `to`
   * @returns where the next one begins, or -1 if the record does not end before `to`. At the end of
   *   the file the count is 0.
   * @throws {TextError} `data.csv-quote`, `data.csv-line-end`
   */
  read(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    let line = this.#next;
    let at = from;
    this.count = 0;
    this.#escaped = [];
    while (at < to && (bytes[at] === LF || bytes[at] === CR && bytes[at + 1] === LF)) {
      if (bytes[at] === CR && at + 1 >= to) break;
      at += bytes[at] === CR ? 2 : 1;
      line++;
    }
    this.line = line;
    if (at >= to) {
      this.#next = line;
      return at;
    }
    while (true) {
      let start = at, end: number;
      if (bytes[at] === QUOTE) {
        start = ++at;
        let escaped = false;
        while (true) {
          if (at >= to) {
            if (!final) return -1;
            throw unclosed(this.line);
          }
          const byte = bytes[at++];
          if (byte === LF) line++;
          if (byte !== QUOTE) continue;
          if (at >= to && !final) return -1;
          if (at >= to || bytes[at] !== QUOTE) break;
          escaped = true;
          at++;
        }
        end = at - 1;
        if (escaped) this.#escaped.push(this.count);
        const next = at < to ? bytes[at] : LF;
        if (next !== this.#delimiter && next !== LF && next !== CR) throw afterQuote(line);
      } else {
        while (at < to) {
          const byte = bytes[at];
          if (byte === this.#delimiter || byte === LF || byte === CR) break;
          at++;
        }
        end = at;
      }
      this.#add(start, end - start);
      if (at >= to) {
        if (!final) return -1;
        break;
      }
      const byte = bytes[at++];
      if (byte === this.#delimiter) continue;
      if (byte === CR) {
        if (at >= to && !final) return -1;
        if (at < to && bytes[at] !== LF) throw loneReturn(line);
        at++;
      }
      line++;
      break;
    }
    for (const cell of this.#escaped) this.#unescape(bytes, cell);
    this.#next = line;
    return Math.min(at, to);
  }

  #add(start: number, size: number): void {
    if (this.count === this.starts.length) {
      this.starts = doubled(this.starts);
      this.sizes = doubled(this.sizes);
    }
    this.starts[this.count] = start;
    this.sizes[this.count] = size;
    this.count++;
  }

  /** In place: the record is complete and will not be read again. */
  #unescape(bytes: Uint8Array, cell: number): void {
    const start = this.starts[cell] ?? 0;
    const end = start + (this.sizes[cell] ?? 0);
    let write = start;
    for (let read = start; read < end; read++) {
      if (bytes[read] === QUOTE) read++;
      bytes[write++] = bytes[read] ?? QUOTE;
    }
    // What was moved must not stay there in halves: the buffer is checked for UTF-8 as a whole.
    bytes.fill(QUOTE, write, end);
    this.sizes[cell] = write - start;
  }
}

function doubled(values: Uint32Array): Uint32Array {
  const more = new Uint32Array(values.length * 2);
  more.set(values);
  return more;
}

function unclosed(line: number): TextError {
  return new TextError(
    "data.csv-quote",
    `a quote in the row that begins in line ${line} is never closed`,
    'Close it, or double quotes inside quotes: "5"" pipe"',
    { line },
  );
}

function afterQuote(line: number): TextError {
  return new TextError(
    "data.csv-quote",
    `in line ${line} a character follows a closing quote`,
    'Double quotes inside quotes: "5"" pipe"',
    { line },
  );
}

function loneReturn(line: number): TextError {
  return new TextError(
    "data.csv-line-end",
    `in line ${line} a carriage return is not followed by a line feed`,
    "End lines with \\n or \\r\\n, and quote cells with line ends in them",
    { line },
  );
}
