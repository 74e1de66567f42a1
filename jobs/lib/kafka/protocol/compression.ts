/**
 * Compression of record batches, by what the runtime brings along.
 *
 * @module
 */
import { gzipSync, zstdCompressSync } from "node:zlib";

/** How batches are compressed. */
export type Compression = "none" | "gzip" | "zstd";

/** The bits of a batch's attributes that name its compression. */
export const COMPRESSION_BITS: Readonly<Record<Compression, number>> = {
  none: 0,
  gzip: 1,
  zstd: 4,
};

/** Compresses the records of a batch. */
export function compress(
  compression: Exclude<Compression, "none">,
  records: Uint8Array,
): Uint8Array {
  // Level 1 to 3: a scorer's time is worth more than the last percent of the network.
  return compression === "gzip" ? gzipSync(records, { level: 3 }) : zstdCompressSync(records);
}
