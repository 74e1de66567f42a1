/**
 * Record batches, magic 2, encoded into a buffer that is used again and again.
 *
 * Text is encoded where it ends up, and a header that equals the one of the record before is copied
 * from there. Lengths stand before what they measure, so room is left for the length that a text has
 * if it is ASCII; a longer one moves the text.
 *
 * @see https://kafka.apache.org/documentation/#recordbatch
 *
 * @module
 */
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
  /** The headers of the record before: what they are and where they are in the buffer. */
  readonly #names: string[] = [];
  readonly #values: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

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
    this.#names.length = 0;
  }

  /**
   * Appends a record.
   *
   * @param key UTF-8, in its first `keyLength` bytes
   * @param limit Most bytes of the batch
   * @returns false if it does not fit; one record always does
   */
  append(
    key: Uint8Array,
    keyLength: number,
    value: string,
    headers: Readonly<Record<string, string>>,
    limit: number,
  ): boolean {
    const start = this.#at;
    this.#reserve(start, keyLength, value, headers);
    const bytes = this.#bytes;
    // Most records take two bytes of length: 64 to 8191 bytes.
    const body = start + 2;
    bytes[body] = 0; // attributes
    bytes[body + 1] = 0; // timestamp delta
    let at = writeVarint(bytes, body + 2, this.#count);
    at = writeVarint(bytes, at, keyLength);
    for (let i = 0; i < keyLength; i++) bytes[at + i] = key[i] as number;
    at = writeSized(bytes, at + keyLength, value);
    at = this.#writeHeaders(at, headers);
    const length = at - body;
    const shift = sizeOfVarint(length) - 2;
    if (shift !== 0) {
      bytes.copyWithin(body + shift, body, at);
      this.#names.length = 0; // their places are no longer true
      at += shift;
    }
    writeVarint(bytes, start, length);
    if (at > limit && this.#count > 0) {
      this.#names.length = 0;
      return false;
    }
    this.#at = at;
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

  /** Room for a record, whatever its text is encoded to. */
  #reserve(
    start: number,
    keyLength: number,
    value: string,
    headers: Readonly<Record<string, string>>,
  ): void {
    let most = start + 32 + keyLength + 3 * value.length;
    for (const name in headers) {
      most += 10 + 3 * (name.length + (headers[name] as string).length);
    }
    if (most <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(most, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, start));
    this.#bytes = grown;
  }

  #writeHeaders(first: number, headers: Readonly<Record<string, string>>): number {
    const bytes = this.#bytes;
    const names = this.#names;
    const known = names.length;
    // Nearly always fewer than 64, which is one byte.
    const count = first;
    let at = first + 1;
    let index = 0;
    for (const name in headers) {
      const value = headers[name] as string;
      const start = at;
      if (index < known && names[index] === name && this.#values[index] === value) {
        const from = this.#starts[index] as number;
        const end = this.#ends[index] as number;
        for (let i = from; i < end; i++) bytes[at++] = bytes[i] as number;
      } else {
        at = writeSized(bytes, at, name);
        at = writeSized(bytes, at, value);
        names[index] = name;
        this.#values[index] = value;
      }
      this.#starts[index] = start;
      this.#ends[index] = at;
      index++;
    }
    if (index < 64) {
      bytes[count] = index << 1;
      return at;
    }
    names.length = 0;
    const shift = sizeOfVarint(index) - 1;
    bytes.copyWithin(first + 1 + shift, first + 1, at);
    writeVarint(bytes, first, index);
    return at + shift;
  }
}

/** The bit of a batch's attributes that says that it belongs to a transaction. */
const TRANSACTIONAL = 16;

const encoder = new TextEncoder();

/** Above, calling the runtime's encoder pays. */
const SHORT = 64;

/** Encodes text as UTF-8; returns where it ends. */
export function writeText(bytes: Uint8Array, start: number, text: string): number {
  const { length } = text;
  if (length <= SHORT) {
    let i = 0;
    for (; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) break;
      bytes[start + i] = code;
    }
    if (i === length) return start + length;
  }
  return start + encoder.encodeInto(text, bytes.subarray(start)).written;
}

/** Writes text with its length before it; returns where it ends. */
function writeSized(bytes: Uint8Array, start: number, text: string): number {
  const guess = sizeOfVarint(text.length);
  const at = start + guess;
  const end = writeText(bytes, at, text);
  const length = end - at;
  const shift = sizeOfVarint(length) - guess;
  if (shift > 0) bytes.copyWithin(at + shift, at, end);
  writeVarint(bytes, start, length);
  return end + shift;
}

/** Writes a signed variable-length integer that is not negative; returns where it ends. */
function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value << 1 >>> 0;
  while (rest > 127) {
    bytes[at++] = rest & 127 | 128;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

function sizeOfVarint(value: number): number {
  return value < 64 ? 1 : value < 8_192 ? 2 : value < 1_048_576 ? 3 : value < 134_217_728 ? 4 : 5;
}

function concatenate(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
