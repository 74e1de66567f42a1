/**
 * Thrift's compact protocol, as far as parquet's footers and page headers need it, read from bytes that
 * may be anything: no length is believed before that many bytes are there.
 *
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 * @module
 */
import { Malformed } from "./malformed.ts";

/** Type of a field or element. */
export const THRIFT = {
  TRUE: 1,
  FALSE: 2,
  BYTE: 3,
  I16: 4,
  I32: 5,
  I64: 6,
  DOUBLE: 7,
  BINARY: 8,
  LIST: 9,
  SET: 10,
  MAP: 11,
  STRUCT: 12,
  UUID: 13,
} as const;

/** Structs within structs; parquet's own go 7 deep. */
const DEEPEST = 32;

/** Reads the value of one field; what it does not read, {@linkcode ThriftReader.struct} skips. */
export type OnField = (id: number, type: number) => void;

/** A place in bytes, which moves on as values are read. */
export class ThriftReader {
  /** Where the next value begins. */
  at: number;
  readonly #bytes: Uint8Array;
  #depth = 0;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Reads a struct; a field that `onField` leaves where it is, is skipped. */
  struct(onField: OnField): void {
    if (++this.#depth > DEEPEST) {
      throw new Malformed(`structs are nested more than ${DEEPEST} deep`);
    }
    let id = 0;
    while (true) {
      const head = this.#byte();
      if (head === 0) break;
      const delta = head >> 4, type = head & 15;
      id = delta === 0 ? this.integer() : id + delta;
      const before = this.at;
      onField(id, type);
      if (this.at === before) this.skip(type);
    }
    this.#depth--;
  }

  /** Reads a list; `onElement` reads each of its elements whole. */
  list(onElement: (index: number) => void): void {
    const { size, type } = this.#listHead();
    for (let i = 0; i < size; i++) {
      const before = this.at;
      onElement(i);
      if (this.at === before) this.skip(type, true);
    }
  }

  /** A number of 16, 32 or 64 bits; not finite arithmetic beyond 2^53, which nothing real reaches. */
  integer(): number {
    let low = 0, factor = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      low += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) return low % 2 === 0 ? low / 2 : -(low + 1) / 2;
    }
    throw new Malformed("a number has more than 10 bytes");
  }

  /** Text, or bytes as text. */
  text(): string {
    const size = this.#length();
    const text = new TextDecoder().decode(this.#bytes.subarray(this.at, this.at + size));
    this.at += size;
    return text;
  }

  /** Goes over a value; an element of a list has its booleans as bytes. */
  skip(type: number, element = false): void {
    switch (type) {
      case THRIFT.TRUE:
      case THRIFT.FALSE:
        return this.#forward(element ? 1 : 0);
      case THRIFT.BYTE:
        return this.#forward(1);
      case THRIFT.I16:
      case THRIFT.I32:
      case THRIFT.I64:
        this.integer();
        return;
      case THRIFT.DOUBLE:
        return this.#forward(8);
      case THRIFT.UUID:
        return this.#forward(16);
      case THRIFT.BINARY:
        return this.#forward(this.#length());
      case THRIFT.LIST:
      case THRIFT.SET:
        return this.#skipList();
      case THRIFT.MAP:
        return this.#skipMap();
      case THRIFT.STRUCT:
        return this.struct(() => {});
    }
    throw new Malformed(`a field has the type ${type}`);
  }

  #skipList(): void {
    if (++this.#depth > DEEPEST) throw new Malformed(`lists are nested more than ${DEEPEST} deep`);
    const { size, type } = this.#listHead();
    for (let i = 0; i < size; i++) this.skip(type, true);
    this.#depth--;
  }

  #skipMap(): void {
    if (++this.#depth > DEEPEST) throw new Malformed(`maps are nested more than ${DEEPEST} deep`);
    const size = this.#length();
    const types = size === 0 ? 0 : this.#byte();
    for (let i = 0; i < size; i++) {
      this.skip(types >> 4, true);
      this.skip(types & 15, true);
    }
    this.#depth--;
  }

  #listHead(): { readonly size: number; readonly type: number } {
    const head = this.#byte();
    // Every element takes a byte at least.
    return { size: head >> 4 === 15 ? this.#length() : head >> 4, type: head & 15 };
  }

  /** A length that the bytes that are left can have. */
  #length(): number {
    let size = 0, factor = 1;
    for (let i = 0; i < 5; i++) {
      const byte = this.#byte();
      size += (byte & 127) * factor;
      factor *= 128;
      if (byte >= 128) continue;
      if (size > this.#bytes.length - this.at) {
        throw new Malformed(
          `${size} values or bytes are claimed where ${
            this.#bytes.length - this.at
          } bytes are left`,
        );
      }
      return size;
    }
    throw new Malformed("a length has more than 5 bytes");
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new Malformed(`it breaks off after ${this.#bytes.length} bytes`);
    this.at++;
    return byte;
  }

  #forward(count: number): void {
    if (count > this.#bytes.length - this.at) {
      throw new Malformed(`it breaks off after ${this.#bytes.length} bytes`);
    }
    this.at += count;
  }
}
