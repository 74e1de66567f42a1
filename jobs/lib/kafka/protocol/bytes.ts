/**
 * Kafka's primitive types, written and read: big-endian integers, variable-length integers, and the
 * "compact" strings and arrays of flexible versions.
 *
 * @see https://kafka.apache.org/protocol#protocol_types
 *
 * @module
 */

/** Writes a message into a buffer that grows. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #at = 0;

  /** With room for so many bytes at first. */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What was written so far; valid until more is. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Writes INT8. */
  int8(value: number): this {
    const at = this.#take(1);
    this.#view.setInt8(at, value);
    return this;
  }

  /** Writes BOOLEAN. */
  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  /** Writes INT16. */
  int16(value: number): this {
    const at = this.#take(2);
    this.#view.setInt16(at, value);
    return this;
  }

  /** Writes INT32. */
  int32(value: number): this {
    const at = this.#take(4);
    this.#view.setInt32(at, value);
    return this;
  }

  /** Writes INT64. */
  int64(value: bigint): this {
    const at = this.#take(8);
    this.#view.setBigInt64(at, value);
    return this;
  }

  /** Writes UNSIGNED_VARINT. */
  unsignedVarint(value: number): this {
    let rest = value >>> 0;
    while (rest > 127) {
      const at = this.#take(1);
      this.#view.setUint8(at, rest & 127 | 128);
      rest >>>= 7;
    }
    const at = this.#take(1);
    this.#view.setUint8(at, rest);
    return this;
  }

  /** Writes STRING: two bytes of length. */
  string(value: string): this {
    const bytes = encoder.encode(value);
    return this.int16(bytes.length).raw(bytes);
  }

  /** Writes COMPACT_STRING, or COMPACT_NULLABLE_STRING. */
  compactString(value: string | null): this {
    if (value === null) return this.unsignedVarint(0);
    const bytes = encoder.encode(value);
    return this.unsignedVarint(bytes.length + 1).raw(bytes);
  }

  /** Writes COMPACT_ARRAY. */
  compactArray<T>(values: readonly T[], write: (value: T) => void): this {
    this.unsignedVarint(values.length + 1);
    values.forEach(write);
    return this;
  }

  /** Writes the end of a structure of a flexible version: no tagged fields. */
  tags(): this {
    return this.int8(0);
  }

  /** Writes bytes as they are. */
  raw(bytes: Uint8Array): this {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  #take(count: number): number {
    const at = this.#at;
    this.#at += count;
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#at, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

/** Reads a message. What ends too early is a RangeError. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** Of these bytes. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that were not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Reads INT8. */
  int8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  /** Reads BOOLEAN. */
  boolean(): boolean {
    return this.int8() !== 0;
  }

  /** Reads INT16. */
  int16(): number {
    return this.#view.getInt16(this.#take(2));
  }

  /** Reads INT32. */
  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  /** Reads INT64. */
  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  /** Reads UNSIGNED_VARINT. */
  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#view.getUint8(this.#take(1));
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new RangeError("a variable-length integer does not end");
  }

  /** Reads COMPACT_NULLABLE_STRING. */
  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1;
    if (length < 0) return null;
    const at = this.#take(length);
    return decoder.decode(this.#bytes.subarray(at, at + length));
  }

  /** Reads COMPACT_STRING. */
  compactString(): string {
    return this.compactNullableString() ?? "";
  }

  /** Reads COMPACT_ARRAY; one that is null is empty. */
  compactArray<T>(read: () => T): T[] {
    const length = this.unsignedVarint() - 1;
    if (length > this.left) throw new RangeError(`an array of ${length} in ${this.left} bytes`);
    const values: T[] = [];
    for (let i = 0; i < length; i++) values.push(read());
    return values;
  }

  /** Skips tagged fields. */
  tags(): void {
    for (let left = this.unsignedVarint(); left > 0; left--) {
      this.unsignedVarint();
      this.#take(this.unsignedVarint());
    }
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.left) throw new RangeError(`${count} bytes are wanted, ${this.left} are left`);
    this.#at += count;
    return at;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
