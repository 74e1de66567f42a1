/**
 * Protobuf's wire format, as far as the large lists of a tree ensemble need it: they are read and
 * written in place, number by number, where the library would make an object of each.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 * @module
 */

/** How a field's value is encoded. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Bytes that are no message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Reads the fields of one message. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;

  /** @param start,end Where in `bytes` the message is. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  /** Offset in the bytes of what is read next. */
  get position(): number {
    return this.#at;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** Reads a field's number and encoding. */
  tag(): { readonly field: number; readonly wire: number } {
    const tag = this.varint();
    return { field: Math.floor(tag / 8), wire: tag & 7 };
  }

  /** Passes over one byte if it is the next one. @returns Whether it was. */
  take(byte: number): boolean {
    if (this.#at >= this.#end || this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  /** Reads an int64; exact up to 2⁵³. */
  varint(): number {
    const first = this.#byte();
    if (first < 128) return first;
    // 28 bits, 28 bits and 8 bits: each part fits a bitwise operation.
    let low = first & 127;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 127) << shift;
      if (byte < 128) return low;
    }
    let middle = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      middle |= (byte & 127) << shift;
      if (byte < 128) return low + middle * 2 ** 28;
    }
    const ninth = this.#byte();
    const tenth = ninth < 128 ? 0 : this.#byte();
    if (tenth > 1) throw new WireError("a number is longer than 64 bits");
    const high = (ninth & 127) | tenth << 7;
    if (high < 128) return low + middle * 2 ** 28 + high * 2 ** 56;
    // Two's complement, added up so that small numbers stay exact.
    const rest = 2 ** 28 - 1;
    return -1 - (rest - low) - (rest - middle) * 2 ** 28 - (255 - high) * 2 ** 56;
  }

  /** Reads a float. */
  float(): number {
    return this.#view.getFloat32(this.#need(4), true);
  }

  /** Reads the length of a string, message or packed list. @returns Where it ends. */
  length(): number {
    const length = this.varint();
    if (!(length >= 0 && length <= this.#end - this.#at)) throw new WireError("it ends too early");
    return this.#at + length;
  }

  /** Reads a string's bytes; a view. */
  bytes(): Uint8Array {
    const end = this.length();
    const start = this.#at;
    this.#at = end;
    return this.#bytes.subarray(start, end);
  }

  /** Reads a string. @returns Which of some it is, -1 for another one. */
  oneOf(known: readonly Uint8Array[]): number {
    const end = this.length();
    const start = this.#at;
    this.#at = end;
    return known.findIndex((bytes) =>
      bytes.length === end - start && bytes.every((byte, i) => byte === this.#bytes[start + i])
    );
  }

  /**
   * Reads short entries of a list, each under the same tag of one byte, as long as they stand side by
   * side: what is longer or stands elsewhere is for {@linkcode varint}.
   *
   * @param from Where in `out` the first one goes.
   * @returns Where in `out` the next one goes.
   */
  varints(tag: number, out: Float64Array, from: number): number {
    const bytes = this.#bytes;
    const last = this.#end - 4;
    let at = this.#at;
    let to = from;
    while (to < out.length && at <= last && bytes[at] === tag) {
      const low = bytes[at + 1] as number;
      const middle = bytes[at + 2] as number;
      const high = bytes[at + 3] as number;
      if (low < 128) {
        out[to++] = low;
        at += 2;
      } else if (middle < 128) {
        out[to++] = low & 127 | middle << 7;
        at += 3;
      } else if (high < 128) {
        out[to++] = low & 127 | (middle & 127) << 7 | high << 14;
        at += 4;
      } else break;
    }
    this.#at = at;
    return to;
  }

  /** The same for floats. */
  floats(tag: number, out: Float32Array, from: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const last = this.#end - 5;
    let at = this.#at;
    let to = from;
    for (; to < out.length && at <= last && bytes[at] === tag; at += 5) {
      out[to++] = view.getFloat32(at + 1, true);
    }
    this.#at = at;
    return to;
  }

  /** The same for strings, as long as they are known ones of less than 128 bytes. */
  choices(tag: number, known: readonly Uint8Array[], out: Int8Array, from: number): number {
    let at = this.#at;
    let to = from;
    while (to < out.length && this.#bytes[at] === tag) {
      const k = this.#knownAt(at + 1, known);
      if (k === -1) break;
      out[to++] = k;
      at += 2 + (known[k] as Uint8Array).length;
    }
    this.#at = at;
    return to;
  }

  /** Which of some short strings stands there with its length; -1 for none. */
  #knownAt(at: number, known: readonly Uint8Array[]): number {
    const bytes = this.#bytes;
    for (let k = 0; k < known.length; k++) {
      const one = known[k] as Uint8Array;
      const { length } = one;
      if (bytes[at] !== length || length > 127 || at + 1 + length > this.#end) continue;
      let i = 0;
      while (i < length && bytes[at + 1 + i] === one[i]) i++;
      if (i === length) return k;
    }
    return -1;
  }

  /** Reads a message. */
  message(): WireReader {
    const end = this.length();
    const start = this.#at;
    this.#at = end;
    return new WireReader(this.#bytes, start, end);
  }

  /** Passes over a field's value. */
  skip(wire: number): void {
    if (wire === WIRE.varint) this.varint();
    else if (wire === WIRE.fixed64) this.#need(8);
    else if (wire === WIRE.fixed32) this.#need(4);
    else if (wire === WIRE.bytes) this.#at = this.length();
    else throw new WireError(`a field is encoded as ${wire}`);
  }

  #need(count: number): number {
    const start = this.#at;
    if (count > this.#end - start) throw new WireError("it ends too early");
    this.#at = start + count;
    return start;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new WireError("it ends too early");
    return this.#bytes[this.#at++] as number;
  }
}

/** Writes fields into memory of known size. */
export class WireWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How much is written. */
  get position(): number {
    return this.#at;
  }

  /** Writes a field's number and encoding. */
  tag(field: number, wire: number): void {
    this.varint(field * 8 + wire);
  }

  /** Writes a number from 0 to 2³² - 1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  /** Writes a float. */
  float(value: number): void {
    this.#view.setFloat32(this.#at, value, true);
    this.#at += 4;
  }

  /** Writes bytes without their length. */
  raw(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Writes a string or message with its length. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }
}

/** Bytes that `WireWriter.varint` writes. */
export function varintSize(value: number): number {
  if (value < 128) return 1;
  return value < 2 ** 14 ? 2 : value < 2 ** 21 ? 3 : value < 2 ** 28 ? 4 : 5;
}
