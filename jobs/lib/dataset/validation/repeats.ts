/**
 * How many values, or rows, repeat an earlier one.
 *
 * @module
 */
import { type Batch, type Column, MISSING_STRING } from "../column.ts";
import type { Repeated } from "../constraints/mod.ts";
import { DistinctSketch, type Hash, hashString, hashWords, numbersOf } from "../profile/mod.ts";

/** Hashes that are kept: 64 bits each, at most 32 MB. Beyond, a sketch answers. */
const MOST = Math.floor(2 ** 23 / 3);

/** Counts hashes that came before; exact up to 2.8 million different ones, then about 2 %. */
export class Repeats {
  #slots = new Uint32Array(2 * 4096);
  #kept = 0;
  #added = 0;
  #repeated = 0;
  readonly #sketch = new DistinctSketch();

  /** Takes a hash; true if it is known to have come before. */
  add(hash: Hash): boolean {
    this.#added++;
    this.#sketch.add(hash);
    if (this.#kept >= MOST) return false;
    if (!this.#insert(hash.a, hash.b)) {
      this.#repeated++;
      return true;
    }
    if (++this.#kept * 3 > this.#slots.length && this.#kept < MOST) this.#grow();
    return false;
  }

  /** What was seen so far. */
  get found(): Repeated {
    if (this.#kept < MOST) return { count: this.#repeated, exact: true };
    const estimated = this.#added - this.#sketch.count;
    // Within the error of the sketch only those count that were seen.
    const certain = estimated > this.#added * 0.05;
    return { count: certain ? estimated : this.#repeated, exact: false };
  }

  /** Linear probing; 0, 0 stands for an empty slot. */
  #insert(a: number, b: number): boolean {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    const second = a === 0 && b === 0 ? 1 : b;
    let at = (a ^ second) & mask;
    while (slots[2 * at] !== 0 || slots[2 * at + 1] !== 0) {
      if (slots[2 * at] === a && slots[2 * at + 1] === second) return false;
      at = (at + 1) & mask;
    }
    slots[2 * at] = a;
    slots[2 * at + 1] = second;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 2) {
      const a = old[i] ?? 0, b = old[i + 1] ?? 0;
      if (a !== 0 || b !== 0) this.#insert(a, b);
    }
  }
}

/** Calls back with the hash of each row's value; rows without one are left out. */
export function hashValues(column: Column, each: (hash: Hash, row: number) => void): void {
  const hash: Hash = { a: 0, b: 0 };
  if (column.kind === "string") {
    const { codes, dictionary } = column;
    const hashes = dictionary.map((value) => {
      hashString(value, hash);
      return { ...hash };
    });
    for (let row = 0; row < codes.length; row++) {
      const known = hashes[codes[row] ?? MISSING_STRING];
      if (known !== undefined) each(known, row);
    }
    return;
  }
  const values = numbersOf(column);
  const words = wordsOf(column, values);
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) continue;
    hashWords(words[2 * row] ?? 0, words[2 * row + 1] ?? 0, hash);
    each(hash, row);
  }
}

/** Calls back with the hash of each whole row: two rows are equal if all their columns are. */
export function hashRows(
  { columns, rows }: Batch,
  each: (hash: Hash, row: number) => void,
): void {
  const low = new Uint32Array(rows).fill(0x9e3779b9), high = new Uint32Array(rows);
  const mix = (row: number, a: number, b: number) => {
    const x = Math.imul((low[row] ?? 0) ^ a, 0x85ebca6b);
    const y = Math.imul((high[row] ?? 0) ^ b, 0xc2b2ae35);
    low[row] = ((x << 13) | (x >>> 19)) + y;
    high[row] = ((y << 17) | (y >>> 15)) ^ x;
  };
  const hash: Hash = { a: 0, b: 0 };
  for (const column of columns) {
    if (column.kind === "string") {
      const { codes, dictionary } = column;
      const firsts = new Uint32Array(dictionary.length),
        seconds = new Uint32Array(dictionary.length);
      for (const [code, value] of dictionary.entries()) {
        hashString(value, hash);
        firsts[code] = hash.a;
        seconds[code] = hash.b;
      }
      for (let row = 0; row < rows; row++) {
        const code = codes[row] ?? MISSING_STRING;
        mix(row, firsts[code] ?? 1, seconds[code] ?? 2);
      }
      continue;
    }
    const values = numbersOf(column);
    const words = wordsOf(column, values);
    for (let row = 0; row < rows; row++) {
      const none = Number.isNaN(values[row]);
      mix(row, none ? 1 : words[2 * row] ?? 0, none ? 2 : words[2 * row + 1] ?? 0);
    }
  }
  for (let row = 0; row < rows; row++) {
    hashWords(low[row] ?? 0, high[row] ?? 0, hash);
    each(hash, row);
  }
}

/** Two words a value; exact ones of 64-bit integers. */
function wordsOf(column: Column, values: Float64Array): Uint32Array {
  const own = column.kind === "number" ? column.exact ?? values : values;
  return new Uint32Array(own.buffer, own.byteOffset, own.length * 2);
}
