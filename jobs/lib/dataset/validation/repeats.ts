/**
 * How many values, or rows, repeat an earlier one.
 *
 * @module
 */
import { type Batch, type Column, MISSING_STRING } from "../column.ts";
import type { Repeated } from "../constraints/mod.ts";
import { HashParts } from "./hash_parts.ts";
import { DistinctSketch, type Hash, hashString, hashWords, numbersOf } from "../profile/mod.ts";

/** Hashes that are kept while nothing is known of them, 8 bytes each. */
const MOST_KEPT = 2 ** 22;
/** Different ones that leave too little room for others. */
const MOST_DIFFERENT = Math.floor(MOST_KEPT * 2 / 3);

/** Counts hashes that came before; exact up to 4.2 million, or 2.8 million different ones, then about 2 %. */
export class Repeats {
  /** Nothing is kept any more once there were too many. */
  #kept: HashParts | undefined = new HashParts();
  /** That were dropped from what is kept. */
  #repeated = 0;
  #added = 0;
  readonly #sketch = new DistinctSketch();

  /** Takes hashes, whose halves are given. */
  addAll(firsts: Int32Array, seconds: Int32Array): void {
    this.#added += firsts.length;
    const kept = this.#kept;
    if (kept === undefined) {
      for (let i = 0; i < firsts.length; i++) {
        this.#sketch.addWords(firsts[i] ?? 0, seconds[i] ?? 0);
      }
      return;
    }
    kept.addAll(firsts, seconds);
    if (kept.size <= MOST_KEPT) return;
    this.#repeated += kept.dropRepeated();
    if (kept.size > MOST_DIFFERENT) this.#giveUp(kept);
  }

  /** What was seen so far. */
  get found(): Repeated {
    if (this.#kept !== undefined) {
      this.#repeated += this.#kept.dropRepeated();
      return { count: this.#repeated, exact: true };
    }
    const estimated = this.#added - this.#sketch.count;
    // Within the error of the sketch only those count that were seen.
    return { count: estimated > this.#added * 0.05 ? estimated : this.#repeated, exact: false };
  }

  #giveUp(kept: HashParts): void {
    for (const words of kept.words()) {
      for (let i = 0; i < words.length; i += 2) {
        this.#sketch.addWords(words[i] ?? 0, words[i + 1] ?? 0);
      }
    }
    this.#kept = undefined;
  }
}

/** Halves of hashes. */
export interface Hashes {
  /** The first half of each. */
  readonly firsts: Int32Array;
  /** The second half of each. */
  readonly seconds: Int32Array;
}

/** The hash of each row's value; rows without one are left out. */
export function hashValues(column: Column): Hashes {
  const rows = column.kind === "string" ? column.codes.length : column.values.length;
  const firsts = new Int32Array(rows), seconds = new Int32Array(rows);
  let count = 0;
  const hash: Hash = { a: 0, b: 0 };
  if (column.kind === "string") {
    const known = hashesOf(column.dictionary);
    for (let row = 0; row < rows; row++) {
      const code = column.codes[row] ?? MISSING_STRING;
      if (code === MISSING_STRING) continue;
      firsts[count] = known.firsts[code] ?? 0;
      seconds[count++] = known.seconds[code] ?? 0;
    }
  } else {
    const values = numbersOf(column);
    const words = wordsOf(column, values);
    for (let row = 0; row < rows; row++) {
      if (Number.isNaN(values[row])) continue;
      hashWords(words[2 * row] ?? 0, words[2 * row + 1] ?? 0, hash);
      firsts[count] = hash.a;
      seconds[count++] = hash.b;
    }
  }
  return { firsts: firsts.subarray(0, count), seconds: seconds.subarray(0, count) };
}

/** The hash of each whole row: two rows are equal if all their columns are. */
export function hashRows({ columns, rows }: Batch): Hashes {
  const low = new Int32Array(rows).fill(0x9e3779b9), high = new Int32Array(rows);
  const mix = (row: number, a: number, b: number) => {
    const x = Math.imul((low[row] ?? 0) ^ a, 0x85ebca6b);
    const y = Math.imul((high[row] ?? 0) ^ b, 0xc2b2ae35);
    low[row] = ((x << 13) | (x >>> 19)) + y;
    high[row] = ((y << 17) | (y >>> 15)) ^ x;
  };
  for (const column of columns) {
    if (column.kind === "string") {
      const { firsts, seconds } = hashesOf(column.dictionary);
      for (let row = 0; row < rows; row++) {
        const code = column.codes[row] ?? MISSING_STRING;
        mix(row, firsts[code] ?? 1, seconds[code] ?? 2);
      }
      continue;
    }
    // A missing time is a value like another here.
    const values = column.kind === "timestamp" ? undefined : numbersOf(column);
    const words = wordsOf(column, values);
    for (let row = 0; row < rows; row++) {
      const none = values !== undefined && Number.isNaN(values[row]);
      mix(row, none ? 1 : words[2 * row] ?? 0, none ? 2 : words[2 * row + 1] ?? 0);
    }
  }
  const hash: Hash = { a: 0, b: 0 };
  for (let row = 0; row < rows; row++) {
    hashWords(low[row] ?? 0, high[row] ?? 0, hash);
    low[row] = hash.a;
    high[row] = hash.b;
  }
  return { firsts: low, seconds: high };
}

function hashesOf(dictionary: readonly string[]): Hashes {
  const hash: Hash = { a: 0, b: 0 };
  const firsts = new Int32Array(dictionary.length), seconds = new Int32Array(dictionary.length);
  for (const [code, value] of dictionary.entries()) {
    hashString(value, hash);
    firsts[code] = hash.a;
    seconds[code] = hash.b;
  }
  return { firsts, seconds };
}

/** Two words a value; exact ones of 64-bit integers and times. */
function wordsOf(column: Column, values: Float64Array = new Float64Array(0)): Int32Array {
  const own = column.kind === "timestamp"
    ? column.values
    : column.kind === "number"
    ? column.exact ?? values
    : values;
  // -0 is 0.
  if (own instanceof Float64Array) return new Int32Array(own.map((value) => value + 0).buffer);
  return new Int32Array(own.buffer, own.byteOffset, own.length * 2);
}
