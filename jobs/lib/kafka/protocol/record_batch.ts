/**
 * Record batches, magic 2, written into a buffer that is used again and again.
 *
 * @see https://kafka.apache.org/documentation/#recordbatch
 *
 * @module
 */
import { sizeOfVarint, writeVarint } from "../../publishing/mod.ts";
import { compress, type Compression, COMPRESSION_BITS } from "./compression.ts";
import { crc32c } from "./crc32c.ts";

/** Bytes before the first record. */
const HEADER = 61;

/** What is known of a batch only when it is sent. */
export interface Seal {
  /** Of the initialised producer. */
  readonly producerId: bigint;
  /** Of the initialised producer. */
  readonly producerEpoch: number;
  /** Sequence number of the first record. */
  readonly sequence: number;
  /** Milliseconds since 1970; that of all records. */
  readonly timestamp: number;
  /** `none` unless told. */
  readonly compression?: Compression;
}

/** A batch in the making, or sealed. */
export class RecordBatch {
  #bytes: Uint8Array<ArrayBuffer>;
  #at = HEADER;
  #count = 0;

  /** With room for so many bytes at first. */
  constructor(capacity = 65_536) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Records in it. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of it, without compression. */
  get size(): number {
    return this.#at;
  }

  /** Empties it; what `seal()` returned is overwritten by what follows. */
  reset(): void {
    this.#at = HEADER;
    this.#count = 0;
  }

  /**
   * Appends a record.
   *
   * @param from Key, value and headers of it as records have them, in `from[start, end)`
   * @param limit Most bytes of the batch
   * @returns false if it does not fit; one record always does
   */
  append(from: Uint8Array, start: number, end: number, limit: number): boolean {
    // Attributes and timestamp delta are a byte each.
    const length = 2 + sizeOfVarint(this.#count) + end - start;
    const after = this.#at + sizeOfVarint(length) + length;
    if (after > limit && this.#count > 0) return false;
    if (after > this.#bytes.length) this.#grow(after);
    const bytes = this.#bytes;
    let at = writeVarint(bytes, this.#at, length);
    bytes[at++] = 0;
    bytes[at++] = 0;
    at = writeVarint(bytes, at, this.#count);
    bytes.set(from.subarray(start, end), at);
    this.#at = after;
    this.#count++;
    return true;
  }

  /**
   * Fills in what stands before the records. Sealing again with the same arguments makes the same
   * bytes.
   *
   * @returns the batch as it is sent; the batch's own buffer, unless it is compressed
   */
  seal(seal: Seal): Uint8Array<ArrayBuffer> {
    const { compression = "none" } = seal;
    const batch = compression === "none" ? this.#bytes.subarray(0, this.#at) : concatenate(
      this.#bytes.subarray(0, HEADER),
      compress(compression, this.#bytes.subarray(HEADER, this.#at)),
    );
    const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
    const timestamp = BigInt(seal.timestamp);
    view.setBigInt64(0, 0n); // base offset: the broker's
    view.setInt32(8, batch.length - 12); // length of what follows
    view.setInt32(12, -1); // partition leader epoch: the broker's
    view.setInt8(16, 2); // magic
    view.setInt16(21, COMPRESSION_BITS[compression] | TRANSACTIONAL);
    view.setInt32(23, this.#count - 1); // last offset delta
    view.setBigInt64(27, timestamp); // of the first record
    view.setBigInt64(35, timestamp); // the greatest
    view.setBigInt64(43, seal.producerId);
    view.setInt16(51, seal.producerEpoch);
    view.setInt32(53, seal.sequence);
    view.setInt32(57, this.#count);
    view.setUint32(17, crc32c(batch, 21));
    return batch;
  }

  #grow(most: number): void {
    const grown = new Uint8Array(Math.max(most, 4 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}

/** The bit of a batch's attributes that says that it belongs to a transaction. */
const TRANSACTIONAL = 16;

function concatenate(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
