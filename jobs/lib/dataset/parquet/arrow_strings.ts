/**
 * Where the strings of an Arrow array are, and which of its values are there.
 *
 * @module
 */
import type { ArrowArray } from "./arrow.ts";
import type { PlacedStrings, Validity } from "../strings.ts";

/** The validity of an array's values. */
export function validity(array: ArrowArray): Validity {
  const address = array.buffers[0];
  if (!address || array.nulls === 0) return undefined;
  return bits(array, address);
}

/** The bits of a buffer, one a row. */
export function bits(
  { memory, offset, length }: ArrowArray,
  address: number,
): (row: number) => boolean {
  const bytes = new Uint8Array(memory, address, (offset + length + 7) >> 3);
  return (row) => {
    const at = row + offset;
    return ((bytes[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  };
}

/**
 * Where the values of an array of strings are, without a copy: valid as long as the array is.
 *
 * @param format `u` (32-bit offsets), `U` (64-bit offsets) or `vu` (views); `z`, `Z`, `vz` for bytes; or
 * `w:16`, which is written in hexadecimal as a UUID
 */
export function placedStrings(format: string, array: ArrowArray): PlacedStrings {
  if (format === "w:16") return ofUuids(array);
  if (format === "vu" || format === "vz") return ofViews(array);
  return ofOffsets(array, format === "U" || format === "Z" ? 8 : 4);
}

const UUID = 36;

/** 8-4-4-4-12 digits each, as RFC 9562 writes them. */
function ofUuids({ memory, buffers, offset, length }: ArrowArray): PlacedStrings {
  const from = new Uint8Array(memory, (buffers[1] ?? 0) + offset * 16, length * 16);
  const texts = from.toHex().replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/g, "$1-$2-$3-$4-$5");
  return {
    bytes: new TextEncoder().encode(texts),
    starts: Uint32Array.from({ length }, (_, row) => row * UUID),
    sizes: new Uint32Array(length).fill(UUID),
  };
}

function ofOffsets(
  { memory, buffers, offset, length }: ArrowArray,
  width: 4 | 8,
): PlacedStrings {
  const [, offsets = 0, values = 0] = buffers;
  const view = new DataView(
    memory,
    offsets + offset * width,
    length === 0 ? 0 : (length + 1) * width,
  );
  const starts = new Uint32Array(length);
  const sizes = new Uint32Array(length);
  // In a 32-bit memory the upper half of a 64-bit offset is 0.
  for (let row = 0, end = length === 0 ? 0 : view.getUint32(0, true); row < length; row++) {
    const start = end;
    end = view.getUint32((row + 1) * width, true);
    starts[row] = values + start;
    sizes[row] = end - start;
  }
  return { bytes: new Uint8Array(memory), starts, sizes };
}

/** String views: 16 bytes each, the value itself or where it is. */
function ofViews({ memory, buffers, offset, length }: ArrowArray): PlacedStrings {
  const first = (buffers[1] ?? 0) + offset * 16;
  const view = new DataView(memory, first, length * 16);
  const starts = new Uint32Array(length);
  const sizes = new Uint32Array(length);
  for (let row = 0; row < length; row++) {
    const at = row * 16;
    const size = view.getUint32(at, true);
    sizes[row] = size;
    starts[row] = size <= 12
      ? first + at + 4
      : (buffers[2 + view.getUint32(at + 8, true)] ?? 0) + view.getUint32(at + 12, true);
  }
  return { bytes: new Uint8Array(memory), starts, sizes };
}
