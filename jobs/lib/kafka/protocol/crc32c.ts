/**
 * CRC-32C (Castagnoli), which guards record batches.
 *
 * Slicing-by-8: eight bytes at a time by eight tables of 256 entries. Each step waits for the one before
 * it, so the two halves of the bytes go side by side.
 * @see https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4
 *
 * @module
 */

/** CRC-32C of `bytes[start, end)`, unsigned. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let at = start;
  // One typed array, so that the engine checks one kind of access; table k begins at 256 * k.
  const table = TABLES;
  let crc = -1;
  // Two loads of four bytes cost half of eight of one, but only where a word begins.
  const first = LITTLE_ENDIAN ? Math.min(end, at + (-(bytes.byteOffset + at) & 3)) : end;
  for (; at < first; at++) crc = word(table, (crc ^ byte(bytes, at)) & 255) ^ crc >>> 8;
  // Each half is a multiple of eight bytes.
  const half = at < end ? (end - at >> 4) << 1 : 0;
  const words = half === 0
    ? NO_WORDS
    : new Int32Array(bytes.buffer, bytes.byteOffset + at, 2 * half);
  let other = 0;
  for (let i = 0; i < half; i += 2) {
    const low = crc ^ word(words, i);
    const high = word(words, i + 1);
    const otherLow = other ^ word(words, half + i);
    const otherHigh = word(words, half + i + 1);
    crc = word(table, 1792 + (low & 255)) ^ word(table, 1536 + (low >>> 8 & 255)) ^
      word(table, 1280 + (low >>> 16 & 255)) ^ word(table, 1024 + (low >>> 24)) ^
      word(table, 768 + (high & 255)) ^ word(table, 512 + (high >>> 8 & 255)) ^
      word(table, 256 + (high >>> 16 & 255)) ^ word(table, high >>> 24);
    other = word(table, 1792 + (otherLow & 255)) ^ word(table, 1536 + (otherLow >>> 8 & 255)) ^
      word(table, 1280 + (otherLow >>> 16 & 255)) ^ word(table, 1024 + (otherLow >>> 24)) ^
      word(table, 768 + (otherHigh & 255)) ^ word(table, 512 + (otherHigh >>> 8 & 255)) ^
      word(table, 256 + (otherHigh >>> 16 & 255)) ^ word(table, otherHigh >>> 24);
  }
  if (half > 0) crc = other ^ times(crc, xToThe8(4 * half));
  for (at += 8 * half; at < end; at++) {
    crc = word(table, (crc ^ byte(bytes, at)) & 255) ^ crc >>> 8;
  }
  return ~crc >>> 0;
}

const POLYNOMIAL = 0x82f63b78;

/** The product of two polynomials over GF(2), modulo CRC-32C's; the highest bit is that of x^0. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 31; bit >= 0; bit--) {
    if (a >>> bit & 1) product ^= b;
    b = b & 1 ? b >>> 1 ^ POLYNOMIAL : b >>> 1;
  }
  return product;
}

/** x^(8n): a remainder times it is what n bytes of zero make of it. */
function xToThe8(n: number): number {
  let power = 1 << 31;
  for (let square = 1 << 23; n > 0; n >>>= 1) {
    if (n & 1) power = times(square, power);
    square = times(square, square);
  }
  return power;
}

const NO_WORDS = new Int32Array();

/** Otherwise all goes byte by byte; no platform that Deno runs on is big-endian. */
const LITTLE_ENDIAN = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** The indices are in bounds by construction; the type checker cannot know. */
function byte(array: Uint8Array, index: number): number {
  return array[index] as number;
}

/** The same for words. */
function word(array: Int32Array, index: number): number {
  return array[index] as number;
}

const TABLES: Int32Array = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let crc = n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
    tables[n] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = word(tables, at - 256);
    tables[at] = word(tables, before & 255) ^ before >>> 8;
  }
  return tables;
}
