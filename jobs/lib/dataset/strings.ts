/**
 * Strings as they lie in Arrow's buffers, turned into codes and a dictionary: each distinct value is
 * decoded from UTF-8 once, not once a row.
 *
 * @module
 */
import { MISSING_STRING } from "./column.ts";

/** Value `i` is the bytes from `offsets[i]` to `offsets[i + 1]`. */
export interface PackedStrings {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array | Float64Array;
}

/** Codes of the values; `isValid(i)` is false for a null, which is missing like `""`. */
export function internStrings(
  { bytes, offsets }: PackedStrings,
  isValid: (row: number) => boolean,
): { codes: Int32Array; dictionary: string[] } {
  const rows = Math.max(0, offsets.length - 1);
  const codes = new Int32Array(rows).fill(MISSING_STRING);
  // The row that first had each distinct value.
  const firsts: number[] = [];
  let hashes = new Int32Array(256);
  let slots = new Int32Array(512).fill(-1);
  for (let row = 0; row < rows; row++) {
    const start = at(offsets, row), end = at(offsets, row + 1);
    if (start === end || !isValid(row)) continue;
    const hash = hashOf(bytes, start, end);
    const mask = slots.length - 1;
    let slot = hash & mask;
    let code = at(slots, slot);
    while (code !== -1) {
      const first = at(firsts, code);
      const from = at(offsets, first);
      if (
        at(hashes, code) === hash && same(bytes, start, end, from, at(offsets, first + 1))
      ) break;
      slot = (slot + 1) & mask;
      code = at(slots, slot);
    }
    if (code === -1) {
      code = firsts.push(row) - 1;
      slots[slot] = code;
      if (code >= hashes.length) hashes = grown(hashes);
      hashes[code] = hash;
      if (firsts.length * 2 > slots.length) slots = rehashed(hashes, firsts.length);
    }
    codes[row] = code;
  }
  return {
    codes,
    dictionary: firsts.map((row) => decode(bytes, at(offsets, row), at(offsets, row + 1))),
  };
}

const decoder = new TextDecoder();

function decode(bytes: Uint8Array, start: number, end: number): string {
  // A call of TextDecoder costs more than a short ASCII string.
  if (end - start > 24) return decoder.decode(bytes.subarray(start, end));
  let text = "";
  for (let i = start; i < end; i++) {
    const byte = at(bytes, i);
    if (byte > 127) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** FNV-1a, its high bits folded into the low ones that choose the slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ at(bytes, i), 0x01000193);
  return hash ^ (hash >>> 15);
}

function same(bytes: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false;
  while (a < aEnd) if (bytes[a++] !== bytes[b++]) return false;
  return true;
}

function grown(values: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(values.length * 2);
  more.set(values);
  return more;
}

function rehashed(hashes: Int32Array, count: number): Int32Array<ArrayBuffer> {
  let size = 512;
  while (size < count * 4) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  for (let code = 0; code < count; code++) {
    let slot = at(hashes, code) & (size - 1);
    while (slots[slot] !== -1) slot = (slot + 1) & (size - 1);
    slots[slot] = code;
  }
  return slots;
}

/** An element that is there; the zero only satisfies the compiler. */
function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
