/**
 * How many values, or rows, repeat an earlier one.
 *
 * @module
 */
import { type Batch, type Column, MISSING_STRING } from "../column.ts";
import type { Repeated } from "../constraints/mod.ts";
import { HashCounts } from "./hash_counts.ts";
import { DistinctSketch, type Hash, hashString, hashWords, numbersOf } from "../profile/mod.ts";

/** Hashes that are kept: 8 bytes each, and more for those that may repeat. */
const MOST = Math.floor(2 ** 23 / 3);
const BITS = 24;
const BLOCK = 2 ** 16;

/**
 * Counts hashes that came before; exact up to 2.8 million different ones, then about 2 %.
 *
 * A bit that is not set yet tells without a look at what is kept that a hash is new, which most of a key
 * are; the few whose bit another one has set, or they themselves, are counted and sorted out at the end.
 */
export class Repeats {
  #bits = new Int32Array(2 ** BITS / 32);
  /** Bits that were found set. */
  #suspected = new Int32Array(2 ** BITS / 32);
  /** Hashes that were new for certain, in blocks. */
  #fresh: Int32Array[] = [];
  #kept = 0;
  #suspects = new HashCounts();
  /** What repeated until there were too many; nothing is kept from then on. */
  #certain: number | undefined;
  #added = 0;
  readonly #sketch = new DistinctSketch();

  /** Takes hashes, whose halves are given. */
  addAll(firsts: Int32Array, seconds: Int32Array): void {
    this.#added += firsts.length;
    if (this.#certain !== undefined) return this.#estimate(firsts, seconds);
    const bits = this.#bits, suspected = this.#suspected, suspects = this.#suspects;
    let kept = this.#kept, block = this.#fresh.at(-1) ?? new Int32Array(0);
    for (let i = 0; i < firsts.length; i++) {
      const a = firsts[i] ?? 0, b = seconds[i] ?? 0;
      const at = a >>> (32 - BITS), bit = 1 << (at & 31);
      const word = bits[at >>> 5] ?? 0;
      if ((word & bit) !== 0) {
        suspected[at >>> 5] = (suspected[at >>> 5] ?? 0) | bit;
        suspects.add(a, b);
        continue;
      }
      bits[at >>> 5] = word | bit;
      const place = kept++ % BLOCK;
      if (place === 0) this.#fresh.push(block = new Int32Array(2 * BLOCK));
      block[2 * place] = a;
      block[2 * place + 1] = b;
    }
    this.#kept = kept;
    if (kept + suspects.size > MOST) this.#giveUp();
  }

  /** What was seen so far. */
  get found(): Repeated {
    const repeated = this.#certain;
    if (repeated === undefined) return { count: this.#repeated(), exact: true };
    const estimated = this.#added - this.#sketch.count;
    // Within the error of the sketch only those count that were seen.
    return { count: estimated > this.#added * 0.05 ? estimated : repeated, exact: false };
  }

  #giveUp(): void {
    this.#certain = this.#repeated();
    for (const [nth, block] of this.#fresh.entries()) {
      const end = 2 * Math.min(BLOCK, this.#kept - nth * BLOCK);
      for (let i = 0; i < end; i += 2) this.#sketch.addWords(block[i] ?? 0, block[i + 1] ?? 0);
    }
    for (const [a, b] of this.#suspects) this.#sketch.addWords(a, b);
    this.#bits = this.#suspected = new Int32Array(0);
    this.#fresh = [];
    this.#suspects = new HashCounts();
  }

  #estimate(firsts: Int32Array, seconds: Int32Array): void {
    for (let i = 0; i < firsts.length; i++) this.#sketch.addWords(firsts[i] ?? 0, seconds[i] ?? 0);
  }

  /** All that came to a bit that was set, less those that were the first of their hash. */
  #repeated(): number {
    let count = 0;
    for (const [, , times] of this.#suspects) count += times - 1;
    const suspected = this.#suspected;
    for (const [nth, block] of this.#fresh.entries()) {
      const end = 2 * Math.min(BLOCK, this.#kept - nth * BLOCK);
      for (let i = 0; i < end; i += 2) {
        const a = block[i] ?? 0, at = a >>> (32 - BITS);
        if (((suspected[at >>> 5] ?? 0) & (1 << (at & 31))) === 0) continue;
        if (this.#suspects.get(a, block[i + 1] ?? 0) > 0) count++;
      }
    }
    return count;
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
