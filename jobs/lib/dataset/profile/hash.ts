/**
 * Hashes of values for sketches: two independent 32-bit halves, the same on every machine and in
 * every shard.
 *
 * @module
 */

/** The two halves of a hash; reused between calls. */
export interface Hash {
  /** Chooses the register. */
  a: number;
  /** Its leading zeros are counted. */
  b: number;
}

/** Halves of hashes. */
export interface Hashes {
  /** The first half of each. */
  readonly firsts: Int32Array;
  /** The second half of each. */
  readonly seconds: Int32Array;
}

const known = new WeakMap<readonly string[], Hashes>();

/** The hashes of a column's dictionary, which several ask for. */
export function hashesOf(dictionary: readonly string[]): Hashes {
  const before = known.get(dictionary);
  if (before !== undefined) return before;
  const { length } = dictionary;
  const hashes = { firsts: new Int32Array(length), seconds: new Int32Array(length) };
  const hash: Hash = { a: 0, b: 0 };
  for (let code = 0; code < length; code++) {
    hashString(dictionary[code] ?? "", hash);
    hashes.firsts[code] = hash.a;
    hashes.seconds[code] = hash.b;
  }
  known.set(dictionary, hashes);
  return hashes;
}

const encoder = new TextEncoder();
let scratch = new Uint8Array(256);

/** Hashes a string by its UTF-8. */
export function hashString(value: string, hash: Hash): void {
  let low = 0x811c9dc5, high = 0x9747b28c;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 127) return hashEncoded(value, hash);
    // What is ASCII is its own UTF-8.
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x5bd1e995) ^ (high >>> 13);
  }
  mix(low, high ^ value.length, hash);
}

function hashEncoded(value: string, hash: Hash): void {
  if (scratch.length < value.length * 3) scratch = new Uint8Array(value.length * 6);
  const { written } = encoder.encodeInto(value, scratch);
  let low = 0x811c9dc5, high = 0x9747b28c;
  for (let i = 0; i < written; i++) {
    const byte = scratch[i] ?? 0;
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x5bd1e995) ^ (high >>> 13);
  }
  mix(low, high ^ written, hash);
}

function mix(low: number, high: number, hash: Hash): void {
  const a = firstHalf(low, high);
  hash.a = a >>> 0;
  hash.b = secondHalf(low, high, a) >>> 0;
}

/** The first half of a 64-bit value's hash: MurmurHash3's 32-bit finalizer over both words. Signed. */
export function firstHalf(low: number, high: number): number {
  return finalize(low ^ finalize(high ^ 0x9e3779b9));
}

/** The second half, with another constant. Signed. @param first half */
export function secondHalf(low: number, high: number, first: number): number {
  return finalize(high ^ finalize(low ^ 0x85ebca6b) ^ first);
}

/** MurmurHash3's 32-bit finalizer: a bijection. Signed. */
export function finalize(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
