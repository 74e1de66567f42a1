/**
 * A request to a broker and how its answer is read.
 *
 * @module
 */
import { type ByteReader, ByteWriter } from "./bytes.ts";

/** Which request, and which version of it. All versions used here are flexible ones. */
export interface Api {
  /** For messages and logs. */
  readonly name: string;
  /** Number on the wire. */
  readonly key: number;
  /** The version that we speak. */
  readonly version: number;
}

/** A request that is ready to be sent. */
export interface ApiRequest<T> {
  /** Which one. */
  readonly api: Api;
  /** What follows the header, in as many pieces as it has. */
  readonly body: readonly Uint8Array[];
  /** Reads the answer. */
  readonly decode: (reader: ByteReader) => T;
  /** True for the one answer whose header has no tagged fields. */
  readonly plainHeader?: boolean;
}

/** Writes a body in one piece. */
export function bodyOf(write: (writer: ByteWriter) => void): readonly Uint8Array[] {
  const writer = new ByteWriter();
  write(writer);
  return [writer.written];
}
