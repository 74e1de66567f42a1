/**
 * Splits a transaction into produce requests that brokers accept.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Message } from "../publishing/mod.ts";

/** Messages of one produce request. */
export interface Chunk {
  /** Where they go. */
  readonly topic: string;
  /** In order. */
  readonly messages: readonly Message[];
}

/** Bytes; brokers take a megabyte (`message.max.bytes`), and kafkajs makes one batch of a request. */
export const MAX_CHUNK = 900_000;

/**
 * Splits messages, keeping their order.
 *
 * @param limit Most bytes in a chunk; a message that is larger by itself gets its own, for the
 *   broker to judge.
 */
export function* chunksOf(
  topic: string,
  messages: readonly Message[],
  limit: number = MAX_CHUNK,
): Generator<Chunk> {
  let first = 0;
  let bytes = 0;
  for (let i = 0; i < messages.length; i++) {
    const size = sizeOf(messages[i]);
    if (i > first && bytes + size > limit) {
      yield { topic, messages: messages.slice(first, i) };
      first = i;
      bytes = 0;
    }
    bytes += size;
  }
  if (first < messages.length) yield { topic, messages: messages.slice(first) };
}

/** Bytes in a record batch: lengths and varints take at most 30, and 8 a header. */
function sizeOf(message: Message | undefined): number {
  if (message === undefined) return 0;
  let bytes = 30 + Buffer.byteLength(message.key) + Buffer.byteLength(message.value);
  for (const name in message.headers) {
    bytes += 8 + Buffer.byteLength(name) + Buffer.byteLength(message.headers[name] ?? "");
  }
  return bytes;
}
