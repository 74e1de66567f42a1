/**
 * CRC-32C (Castagnoli), which guards record batches.
 *
 * Slicing-by-8: eight bytes at a time by eight tables of 256 entries.
 * @see https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4
 *
 * @module
 */

/** CRC-32C of `bytes[start, end)`, unsigned. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let crc = -1;
  let at = start;
  // One typed array, so that the engine checks one kind of access; table k begins at 256 * k.
  const table = TABLES;
  // Two loads of four bytes cost half of eight of one, but only where a word begins.
  const first = LITTLE_ENDIAN ? Math.min(end, at + (-(bytes.byteOffset + at) & 3)) : end;
  for (; at < first; at++) crc = word(table, (crc ^ byte(bytes, at)) & 255) ^ crc >>> 8;
  const words = at < end
    ? new Int32Array(bytes.buffer, bytes.byteOffset + at, end - at >> 3 << 1)
    : NO_WORDS;
  for (let i = 0; i < words.length; i += 2) {
    const low = crc ^ word(words, i);
    const high = word(words, i + 1);
    crc = word(table, 1792 + (low & 255)) ^ word(table, 1536 + (low >>> 8 & 255)) ^
      word(table, 1280 + (low >>> 16 & 255)) ^ word(table, 1024 + (low >>> 24)) ^
      word(table, 768 + (high & 255)) ^ word(table, 512 + (high >>> 8 & 255)) ^
      word(table, 256 + (high >>> 16 & 255)) ^ word(table, high >>> 24);
  }
  for (at += 4 * words.length; at < end; at++) {
    crc = word(table, (crc ^ byte(bytes, at)) & 255) ^ crc >>> 8;
  }
  return ~crc >>> 0;
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
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
    tables[n] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = word(tables, at - 256);
    tables[at] = word(tables, before & 255) ^ before >>> 8;
  }
  return tables;
}
