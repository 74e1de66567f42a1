/**
 * Messages as bytes, one behind the other: a million of them are a few arrays instead of millions of
 * strings, and a sink copies what it sends. Each is laid out as the end of a Kafka record is: key,
 * value and headers, each with its length before it as a variable-length integer.
 *
 * @see https://kafka.apache.org/documentation/#record
 * @module
 */
import { readVarint, sizeOfVarint, writeVarint } from "./varint.ts";

/** One prediction on its way out. */
export interface Message {
  /** The key column's value, or without a key column the event id. */
  readonly key: string;
  /** UTF-8 JSON, see {@linkcode PredictionValue}. */
  readonly value: string;
  /** Names and values, both UTF-8. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Messages, in order. */
export class PackedMessages implements Iterable<Message> {
  /** Holds them, and maybe others. */
  readonly bytes: Uint8Array;
  /** Where each begins, and at the end where the last one ends. */
  readonly starts: Uint32Array;

  /** Of bytes that are laid out already. */
  constructor(bytes: Uint8Array, starts: Uint32Array) {
    this.bytes = bytes;
    this.starts = starts;
  }

  /** Packs messages. */
  static of(messages: Iterable<Message>): PackedMessages {
    const packer = new MessagePacker();
    for (const { key, value, headers } of messages) {
      packer.add(encoder.encode(key), encoder.encode(value), packHeaders(headers));
    }
    return packer.take();
  }

  /** How many. */
  get length(): number {
    return this.starts.length - 1;
  }

  /** How many bytes. */
  get size(): number {
    return this.#start(this.length) - this.#start(0);
  }

  /** How many bytes one of them has. */
  sizeOf(index: number): number {
    return index < this.length ? this.#start(index + 1) - this.#start(index) : 0;
  }

  /** Those from `first` up to `end`, without a copy. */
  slice(first: number, end: number): PackedMessages {
    return new PackedMessages(this.bytes, this.starts.subarray(first, end + 1));
  }

  /** One of them, read. */
  at(index: number): Message {
    const reader = new Reader(this.bytes, this.#start(index));
    const key = reader.text();
    const value = reader.text();
    const headers: [string, string][] = [];
    for (let left = reader.varint(); left > 0; left--) headers.push([reader.text(), reader.text()]);
    return { key, value, headers: Object.fromEntries(headers) };
  }

  /** All of them, read. */
  *[Symbol.iterator](): Generator<Message> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }

  #start(index: number): number {
    return this.starts[index] ?? 0;
  }
}

/** Lays messages out. */
export class MessagePacker {
  /** What was written; replaced when it grows, so not to be kept. */
  bytes: Uint8Array = new Uint8Array(4_096);
  #spare: Uint8Array | undefined;
  #at = 0;
  #starts = new Uint32Array(64);
  #count = 0;

  /** Makes room for a message of so many bytes at most; returns where it begins. */
  begin(most: number): number {
    const end = this.#at + most;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.bytes.length));
      grown.set(this.bytes.subarray(0, this.#at));
      this.bytes = grown;
    }
    return this.#at;
  }

  /** Says where the message ends that was written from `begin()` on. */
  end(at: number): void {
    this.#at = at;
    this.#count++;
    if (this.#count === this.#starts.length) {
      const grown = new Uint32Array(2 * this.#count);
      grown.set(this.#starts);
      this.#starts = grown;
    }
    this.#starts[this.#count] = at;
  }

  /**
   * Adds a message.
   *
   * @param key UTF-8
   * @param value UTF-8
   * @param headers as {@linkcode packHeaders} lays them out
   */
  add(key: Uint8Array, value: Uint8Array, headers: Uint8Array): void {
    let at = this.begin(10 + key.length + value.length + headers.length);
    at = writeVarint(this.bytes, at, key.length);
    this.bytes.set(key, at);
    at = writeVarint(this.bytes, at + key.length, value.length);
    this.bytes.set(value, at);
    this.bytes.set(headers, at + value.length);
    this.end(at + value.length + headers.length);
  }

  /** What was added since the last time. */
  take(): PackedMessages {
    const taken = new PackedMessages(this.bytes, this.#starts.subarray(0, this.#count + 1));
    // As large again is likely; a little more is cheaper than to grow.
    this.bytes = this.#spare ?? new Uint8Array(Math.ceil(this.#at * 1.02) + 256);
    this.#spare = undefined;
    this.#starts = new Uint32Array(this.#count + 64);
    this.#at = 0;
    this.#count = 0;
    return taken;
  }

  /** Takes back messages that nobody looks at any more, to write others over them. */
  reuse({ bytes }: PackedMessages): void {
    if (bytes.length > (this.#spare?.length ?? 0)) this.#spare = bytes;
  }
}

/** Headers as they stand behind a value: how many, then name and value of each. */
export function packHeaders(headers: Message["headers"]): Uint8Array {
  const texts = Object.entries(headers).flat().map((text) => encoder.encode(text));
  const size = texts.reduce((sum, { length }) => sum + sizeOfVarint(length) + length, 0);
  const count = texts.length / 2;
  const bytes = new Uint8Array(sizeOfVarint(count) + size);
  let at = writeVarint(bytes, 0, count);
  for (const text of texts) {
    at = writeVarint(bytes, at, text.length);
    bytes.set(text, at);
    at += text.length;
  }
  return bytes;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  varint(): number {
    const value = readVarint(this.#bytes, this.#at);
    this.#at += sizeOfVarint(value);
    return value;
  }

  text(): string {
    const length = this.varint();
    this.#at += length;
    return decoder.decode(this.#bytes.subarray(this.#at - length, this.#at));
  }
}
