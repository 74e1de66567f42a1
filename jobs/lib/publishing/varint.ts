/**
 * Kafka's variable-length integers, of which only those are needed that are not negative: seven bits a
 * byte, the lowest first, of twice the number.
 *
 * @see https://protobuf.dev/programming-guides/encoding/#signed-ints
 * @module
 */

/** Writes a number from 0 to 2^31 - 1; returns where it ends. */
export function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value << 1 >>> 0;
  while (rest > 127) {
    bytes[at++] = rest & 127 | 128;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** Reads a number. */
export function readVarint(bytes: Uint8Array, start: number): number {
  let raw = 0;
  for (let at = start, shift = 0;; shift += 7) {
    const byte = bytes[at++] as number;
    raw |= (byte & 127) << shift;
    if (byte < 128) return raw >>> 1;
  }
}

/** How many bytes a number takes. */
export function sizeOfVarint(value: number): number {
  return value < 64 ? 1 : value < 8_192 ? 2 : value < 1_048_576 ? 3 : value < 134_217_728 ? 4 : 5;
}
