/**
 * What the cells of a column look like, and what the column can therefore be read as.
 *
 * @module
 */
import type { ColumnKind } from "../column.ts";
import { isNumberText } from "./numbers.ts";
import { timeShape } from "./times.ts";
import type { TextRows } from "./rows.ts";

/** What one cell looks like. */
export type Look =
  /** Of 64 bits with sign. */
  | "integer"
  /** The same below 0. */
  | "negative"
  /** Of 64 bits without sign. */
  | "unsigned"
  /** Of more than 64 bits. */
  | "huge"
  /** With zeros in front, which are part of a postcode. */
  | "padded"
  | "fraction"
  | "boolean"
  | "date"
  | "time"
  /** A time with a zone. */
  | "zoned"
  | "text"
  | "list"
  | "struct";

/** Where a look was met first. */
export interface Sight {
  readonly file: string;
  /** From 1; of a folder's name there is none. */
  readonly line?: number;
  /** For messages: `line 17`. */
  readonly where: string;
  /** The beginning of the cell, in quotes. */
  readonly text: string;
  /** Cells that look like it. */
  count: number;
}

/** All that was seen of one column. */
export type Seen = ReadonlyMap<Look, Sight>;

/** Gathers what is seen of every column, over any number of rows. */
export class Sights {
  readonly #columns = new Map<string, Map<Look, Sight>>();
  readonly #file: string;

  /** @param file where the rows come from */
  constructor(file: string) {
    this.#file = file;
  }

  /** By name, in the order in which the columns were met. */
  get columns(): ReadonlyMap<string, Seen> {
    return this.#columns;
  }

  add({ rows, bytes, columns, lines }: TextRows): void {
    for (const cells of columns) {
      let seen = this.#columns.get(cells.name);
      if (seen === undefined) this.#columns.set(cells.name, seen = new Map());
      if (cells.nested && !seen.has(cells.nested)) {
        seen.set(cells.nested, this.#sight(lines[0] ?? 0, `a ${cells.nested}`));
      }
      const { starts, sizes, strings } = cells;
      for (let row = 0; row < rows; row++) {
        const size = sizes[row] ?? 0;
        if (size === 0) continue;
        const start = starts[row] ?? 0;
        const look = lookOf(bytes, start, size, strings?.[row] === 1);
        const sight = seen.get(look);
        if (sight !== undefined) sight.count++;
        else seen.set(look, this.#sight(lines[row] ?? 0, excerpt(bytes, start, size)));
      }
    }
  }

  #sight(line: number, text: string): Sight {
    return { file: this.#file, line, where: `line ${line} of ${this.#file}`, text, count: 1 };
  }
}

/** The cell for messages. */
export function excerpt(bytes: Uint8Array, start: number, size: number): string {
  const text = new TextDecoder().decode(bytes.subarray(start, start + Math.min(size, 40)));
  return JSON.stringify(size > 40 ? `${text}…` : text);
}

const T = 0x74, F = 0x66;

/** @param isString of JSON, whose numbers and booleans are no strings */
function lookOf(bytes: Uint8Array, start: number, size: number, isString: boolean): Look {
  if (!isString) {
    const number = isNumberText(bytes, start, size);
    if (number !== undefined) return number;
    const first = (bytes[start] ?? 0) | 0x20;
    if (first === T && is(bytes, start, size, "true")) return "boolean";
    if (first === F && is(bytes, start, size, "false")) return "boolean";
  }
  return timeShape(bytes, start, size) ?? "text";
}

/** Compares without regard to case. */
function is(bytes: Uint8Array, start: number, size: number, word: string): boolean {
  if (size !== word.length) return false;
  for (let i = 0; i < size; i++) {
    if (((bytes[start + i] ?? 0) | 0x20) !== word.charCodeAt(i)) return false;
  }
  return true;
}

const NUMBERS: readonly Look[] = ["integer", "negative", "unsigned", "huge", "fraction"];

const FITTING: Readonly<Record<ColumnKind, readonly Look[]>> = {
  number: [...NUMBERS, "padded"],
  boolean: ["boolean"],
  timestamp: ["date", "time", "zoned"],
  string: [...NUMBERS, "padded", "boolean", "date", "time", "zoned", "text"],
};

/** The first cell that cannot be read as a column of this kind; undefined if all can. */
export function misfit(seen: Seen, kind: ColumnKind): Sight | undefined {
  const wrong = [...seen].filter(([look]) => !FITTING[kind].includes(look)).map(([, sight]) =>
    sight
  );
  return wrong.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))[0];
}

/**
 * The type of a column by all that was seen of it. Nothing is rounded or cut: where values do not fit
 * one type without a loss, it is text.
 *
 * @returns without a kind where it is nested
 */
export function typeOfSeen(
  seen: Seen,
): { readonly kind: ColumnKind; readonly type: string } | { kind?: never; type: string } {
  const looks = new Set(seen.keys());
  const only = (...allowed: Look[]) => looks.isSubsetOf(new Set(allowed));
  if (looks.has("list")) return { type: "list" };
  if (looks.has("struct")) return { type: "struct" };
  if (looks.size === 0) return { kind: "number", type: "null" };
  if (only("integer", "negative")) return { kind: "number", type: "int64" };
  if (only("integer", "unsigned")) return { kind: "number", type: "uint64" };
  if (looks.has("fraction") && only(...NUMBERS)) return { kind: "number", type: "double" };
  if (only("boolean")) return { kind: "boolean", type: "bool" };
  if (only("date")) return { kind: "timestamp", type: "date" };
  if (only("date", "time")) return { kind: "timestamp", type: "timestamp[us]" };
  if (only("date", "time", "zoned")) return { kind: "timestamp", type: "timestamp[us, UTC]" };
  return { kind: "string", type: "string" };
}

/** Everything that was seen of one column in several files; of each look the first. */
export function mergeSeen(all: readonly Seen[]): Seen {
  const merged = new Map<Look, Sight>();
  for (const [look, sight] of all.flatMap((seen) => [...seen])) {
    const known = merged.get(look);
    if (known === undefined) merged.set(look, { ...sight });
    else known.count += sight.count;
  }
  return merged;
}

/** Fewer texts than this share among numbers or times are likely a mistake, or stand for no value. */
const FEW = 0.05;

/** Of a column that is text for a few cells only the first of them: `"n/a"` among numbers. */
export function oddCell(seen: Seen): Sight | undefined {
  const text = seen.get("text");
  if (text === undefined) return undefined;
  const cells = [...seen.values()].reduce((sum, { count }) => sum + count, 0);
  return cells > text.count && text.count <= Math.max(1, FEW * cells) ? text : undefined;
}
