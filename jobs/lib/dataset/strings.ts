/**
 * Strings as they lie in Arrow's buffers, turned into codes and a dictionary: each distinct value is
 * decoded from UTF-8 once, not once a row.
 *
 * @module
 */
import { MISSING_STRING } from "./column.ts";

/** Value `i` is the `sizes[i]` bytes of UTF-8 from `starts[i]` on. */
export interface PlacedStrings {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly sizes: Uint32Array;
}

/** Tells valid values from nulls; undefined where all are valid. */
export type Validity = ((index: number) => boolean) | undefined;

/** Codes of the values; `isValid(i)` is false for a null, which is missing like `""`. */
export function internStrings(
  { bytes, starts, sizes }: PlacedStrings,
  isValid: Validity,
): { codes: Int32Array; dictionary: string[] } {
  const rows = starts.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = view.byteLength - 4;
  const codes = new Int32Array(rows).fill(MISSING_STRING);
  let known: Known = { count: 0, first: new Int32Array(256), hash: new Int32Array(256) };
  let slots = new Int32Array(512).fill(-1);
  for (let row = 0; row < rows; row++) {
    const start = starts[row] ?? 0, size = sizes[row] ?? 0;
    if (size === 0 || isValid?.(row) === false) continue;
    // In so few bytes different values have different hashes.
    const isShort = size <= 4;
    const hash = isShort ? hashOfShort(view, start, size, last) : hashOf(view, start, start + size);
    const mask = slots.length - 1;
    let slot = hash & mask;
    let code = slots[slot] ?? -1;
    while (code !== -1) {
      const first = known.first[code] ?? 0;
      if (
        known.hash[code] === hash && sizes[first] === size &&
        (isShort || same(view, start, starts[first] ?? 0, size))
      ) break;
      slot = (slot + 1) & mask;
      code = slots[slot] ?? -1;
    }
    if (code === -1) {
      code = known.count;
      slots[slot] = code;
      known.first[code] = row;
      known.hash[code] = hash;
      known.count++;
      if (known.count * 2 > slots.length) slots = rehashed(known);
      if (known.count === known.first.length) known = grown(known);
    }
    codes[row] = code;
  }
  const dictionary = decodedAt({ bytes, starts, sizes }, known.first.subarray(0, known.count));
  return { codes, dictionary };
}

/**
 * Codes of values that are given by their indices. Only values that occur are looked at: a row group's
 * dictionary may be far longer than a batch.
 */
export function internIndices(
  indices: Int32Array | Float64Array,
  isValid: Validity,
  { bytes, starts, sizes }: PlacedStrings,
  isValue: Validity,
): { codes: Int32Array; dictionary: string[] } {
  const rows = indices.length, codes = new Int32Array(rows);
  const place = new Int32Array(starts.length).fill(UNSEEN);
  const used: number[] = [];
  for (let row = 0; row < rows; row++) {
    const index = isValid?.(row) === false ? -1 : indices[row] ?? -1;
    let code = place[index] ?? MISSING_STRING;
    if (code === UNSEEN) code = place[index] = used.push(index) - 1;
    codes[row] = code;
  }
  const distinct = internStrings({
    bytes,
    starts: Uint32Array.from(used, (index) => starts[index] ?? 0),
    sizes: Uint32Array.from(used, (index) => sizes[index] ?? 0),
  }, isValue && ((at) => isValue(used[at] ?? -1)));
  // Values that are there twice, or are missing.
  if (distinct.dictionary.length < used.length) {
    for (const [row, at] of codes.entries()) codes[row] = distinct.codes[at] ?? MISSING_STRING;
  }
  return { codes, dictionary: distinct.dictionary };
}

/** Where no row has been yet. */
const UNSEEN = MISSING_STRING - 1;

/** The distinct values so far: the row that first had each, and its hash. */
interface Known {
  count: number;
  readonly first: Int32Array;
  readonly hash: Int32Array;
}

// A value may begin with U+FEFF, which is no byte order mark there.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Longer ones would keep the whole text that they are cut from. */
const SHORT = 12;

/** The values of these rows; short ones are cut from one text where all are ASCII. */
function decodedAt({ bytes, starts, sizes }: PlacedStrings, rows: Int32Array): string[] {
  const short = new Uint8Array(SHORT * rows.length);
  let end = 0, all = 0;
  for (const row of rows) {
    const start = starts[row] ?? 0, size = sizes[row] ?? 0;
    if (size > SHORT) continue;
    for (let i = 0; i < size; i++) all |= short[end++] = bytes[start + i] ?? 0;
  }
  const text = all < 128 ? decoder.decode(short.subarray(0, end)) : undefined;
  let from = 0;
  return Array.from(rows, (row) => {
    const start = starts[row] ?? 0, size = sizes[row] ?? 0;
    if (text === undefined || size > SHORT) return decode(bytes, start, start + size);
    return text.slice(from, from += size);
  });
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  // A call of TextDecoder costs more than a short ASCII string.
  if (end - start > 24) return decoder.decode(bytes.subarray(start, end));
  let text = "";
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 127) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Of 1 to 4 bytes, read as one word: each step can be undone, so that no two of one size share a hash. */
function hashOfShort(view: DataView, start: number, size: number, last: number): number {
  let word = 0;
  if (start <= last) {
    word = view.getInt32(start, true) & (-1 >>> (32 - 8 * size));
  } else {
    for (let i = 0; i < size; i++) word |= view.getUint8(start + i) << (8 * i);
  }
  return finished(hashOfWord(0, word));
}

/** After MurmurHash, of more than 4 bytes: their high bits are folded into the low ones, which choose the slot. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at + 4 < end; at += 4) hash = hashOfWord(hash, view.getInt32(at, true));
  // The last four bytes, whether some of them came before or not.
  return finished(hashOfWord(hash, view.getInt32(end - 4, true)));
}

function hashOfWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x5bd1e995);
  return mixed ^ (mixed >>> 15);
}

/** The low bits choose the slot: once more, so that they know of all bits of the last word. */
function finished(hash: number): number {
  const mixed = Math.imul(hash, 0x2c1b3c6d);
  return mixed ^ (mixed >>> 16);
}

/** Of more than 4 bytes. */
function same(view: DataView, a: number, b: number, size: number): boolean {
  const last = size - 4;
  for (let at = 0; at < last; at += 4) {
    if (view.getInt32(a + at, true) !== view.getInt32(b + at, true)) return false;
  }
  return view.getInt32(a + last, true) === view.getInt32(b + last, true);
}

function grown({ count, first, hash }: Known): Known {
  const more = { count, first: new Int32Array(count * 2), hash: new Int32Array(count * 2) };
  more.first.set(first);
  more.hash.set(hash);
  return more;
}

function rehashed({ count, hash }: Known): Int32Array<ArrayBuffer> {
  let size = 512;
  while (size < count * 4) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  for (let code = 0; code < count; code++) {
    let slot = (hash[code] ?? 0) & (size - 1);
    while (slots[slot] !== -1) slot = (slot + 1) & (size - 1);
    slots[slot] = code;
  }
  return slots;
}
