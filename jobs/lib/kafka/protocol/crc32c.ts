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
  for (const last = end - 7; at < last; at += 8) {
    crc ^= byte(bytes, at) | byte(bytes, at + 1) << 8 | byte(bytes, at + 2) << 16 |
      byte(bytes, at + 3) << 24;
    crc = byte(table, 1792 + (crc & 255)) ^ byte(table, 1536 + (crc >>> 8 & 255)) ^
      byte(table, 1280 + (crc >>> 16 & 255)) ^ byte(table, 1024 + (crc >>> 24)) ^
      byte(table, 768 + byte(bytes, at + 4)) ^ byte(table, 512 + byte(bytes, at + 5)) ^
      byte(table, 256 + byte(bytes, at + 6)) ^ byte(table, byte(bytes, at + 7));
  }
  for (; at < end; at++) crc = byte(table, (crc ^ byte(bytes, at)) & 255) ^ crc >>> 8;
  return ~crc >>> 0;
}

/** The indices are in bounds by construction; the type checker cannot know. */
function byte(array: Uint8Array | Int32Array, index: number): number {
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
    const before = byte(tables, at - 256);
    tables[at] = byte(tables, before & 255) ^ before >>> 8;
  }
  return tables;
}
