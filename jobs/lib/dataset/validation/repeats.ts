/**
 * How many values, or rows, repeat an earlier one.
 *
 * @module
 */
import { type Batch, type Column, MISSING_STRING, type StringColumn } from "../column.ts";
import type { Repeated } from "../constraints/mod.ts";
import { HashParts } from "./hash_parts.ts";
import {
  DistinctSketch,
  finalize,
  firstHalf,
  type Hashes,
  hashesOf,
  numbersOf,
  secondHalf,
} from "../profile/mod.ts";

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

/** The hash of each row's value, good until the next are asked for; rows without one are left out. */
export function hashValues(column: Column): Hashes {
  const rows = column.kind === "string" ? column.codes.length : column.values.length;
  const { firsts, seconds } = roomFor(rows);
  let count = 0;
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
      const value = values[row] ?? NaN;
      if (value !== value) continue;
      // -0 is 0.
      const low = value === 0 ? 0 : words[2 * row] ?? 0;
      const high = value === 0 ? 0 : words[2 * row + 1] ?? 0;
      const first = firstHalf(low, high);
      firsts[count] = first;
      seconds[count++] = secondHalf(low, high, first);
    }
  }
  return { firsts: firsts.subarray(0, count), seconds: seconds.subarray(0, count) };
}

/** The hash of each whole row, good until the next are asked for: equal if all their columns are. */
export function hashRows({ columns, rows }: Batch): Hashes {
  const { firsts, seconds } = roomFor(rows);
  firsts.fill(0x9e3779b9);
  seconds.fill(0);
  for (const column of columns) {
    if (column.kind === "string") mixStrings(column, firsts, seconds);
    // A missing time is a value like another here.
    else if (column.kind === "timestamp") mixWords(wordsOf(column), firsts, seconds);
    else {
      const values = numbersOf(column);
      mixNumbers(values, wordsOf(column, values), firsts, seconds);
    }
  }
  for (let row = 0; row < rows; row++) {
    // Both steps can be undone: rows that differ until here differ after it.
    const first = finalize((firsts[row] ?? 0) + (seconds[row] ?? 0) | 0);
    firsts[row] = first;
    seconds[row] = finalize((seconds[row] ?? 0) ^ first);
  }
  return { firsts, seconds };
}

let room: Hashes = { firsts: new Int32Array(), seconds: new Int32Array() };

/** New arrays for each batch would be garbage at once. */
function roomFor(rows: number): Hashes {
  if (room.firsts.length < rows) {
    room = { firsts: new Int32Array(rows), seconds: new Int32Array(rows) };
  }
  return { firsts: room.firsts.subarray(0, rows), seconds: room.seconds.subarray(0, rows) };
}

function mixStrings(
  { codes, dictionary }: StringColumn,
  firsts: Int32Array,
  seconds: Int32Array,
): void {
  const known = hashesOf(dictionary), rows = firsts.length;
  for (let row = 0; row < rows; row++) {
    const code = codes[row] ?? MISSING_STRING;
    const isMissing = code === MISSING_STRING;
    const a = isMissing ? 1 : known.firsts[code] ?? 0;
    mix(firsts, seconds, row, a, isMissing ? 2 : known.seconds[code] ?? 0);
  }
}

function mixWords(words: Int32Array, firsts: Int32Array, seconds: Int32Array): void {
  const rows = firsts.length;
  for (let row = 0; row < rows; row++) {
    mix(firsts, seconds, row, words[2 * row] ?? 0, words[2 * row + 1] ?? 0);
  }
}

function mixNumbers(
  values: Float64Array,
  words: Int32Array,
  firsts: Int32Array,
  seconds: Int32Array,
): void {
  const rows = firsts.length;
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? NaN;
    if (value !== value) mix(firsts, seconds, row, 1, 2);
    // -0 is 0.
    else if (value === 0) mix(firsts, seconds, row, 0, 0);
    else mix(firsts, seconds, row, words[2 * row] ?? 0, words[2 * row + 1] ?? 0);
  }
}

function mix(firsts: Int32Array, seconds: Int32Array, row: number, a: number, b: number): void {
  const x = Math.imul((firsts[row] ?? 0) ^ a, 0x85ebca6b);
  const y = Math.imul((seconds[row] ?? 0) ^ b, 0xc2b2ae35);
  firsts[row] = ((x << 13) | (x >>> 19)) + y;
  seconds[row] = ((y << 17) | (y >>> 15)) ^ x;
}

/** Two words a value; exact ones of 64-bit integers and times. */
function wordsOf(column: Column, values: Float64Array = new Float64Array(0)): Int32Array {
  const { buffer, byteOffset, length } = column.kind === "timestamp"
    ? column.values
    : column.kind === "number"
    ? column.exact ?? values
    : values;
  return new Int32Array(buffer, byteOffset, length * 2);
}
