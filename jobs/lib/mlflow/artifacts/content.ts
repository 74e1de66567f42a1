/**
 * What is uploaded, in memory or on disk: its size, and its bytes piece by piece.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { DependencyError, messageOf } from "../../errors.ts";
import type { Artifact, LocalFile } from "../store.ts";

/** A content of known size. */
export interface Content extends Disposable {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `from` up to `to`, which may be beyond the end. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Opens it. @throws {DependencyError} `mlflow.file-unreadable` */
export async function openContent(artifact: Artifact | LocalFile): Promise<Content> {
  if ("bytes" in artifact) {
    const bytes = unshared(artifact.bytes);
    return {
      size: bytes.length,
      read: (from, to) => Promise.resolve(bytes.subarray(from, to)),
      [Symbol.dispose]: () => {},
    };
  }
  const path = artifact.file;
  const guard = async <T>(access: () => Promise<T>): Promise<T> => {
    try {
      return await access();
    } catch (error) {
      throw unreadable(path, messageOf(error));
    }
  };
  const file = await guard(() => Deno.open(path));
  const { size } = await guard(() => file.stat());
  return {
    size,
    read: (from, to) =>
      guard(async () => {
        const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from));
        await file.seek(from, Deno.SeekMode.Start);
        for (let filled = 0; filled < bytes.length;) {
          const read = await file.read(bytes.subarray(filled));
          if (read === null) throw new Error("it became shorter while it was uploaded");
          filled += read;
        }
        return bytes;
      }),
    [Symbol.dispose]: () => file.close(),
  };
}

/** Tells it from an object that is sent as JSON. */
export function isContent(body: object): body is Content {
  return Symbol.dispose in body;
}

/** The content from its start, a megabyte at a time. */
export function streamOf(content: Content): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      const piece = await content.read(at, at + PIECE);
      at += piece.length;
      if (piece.length > 0) controller.enqueue(piece);
      if (at >= content.size) controller.close();
    },
  }, { highWaterMark: 1 });
}

/** SHA-256 in hexadecimal. */
export async function sha256Of(content: Content): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of streamOf(content)) hash.update(piece);
  return hash.digest("hex");
}

const PIECE = 1 << 20;

/** The bytes as fetch takes them; copied only where other threads may write to them. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(bytes);
}

function unreadable(path: string, found: string): DependencyError {
  return new DependencyError({
    code: "mlflow.file-unreadable",
    cannot: "upload an artifact",
    found: `${path}: ${found}`,
    todo: "Check that the file is there and may be read",
    place: { file: path },
  });
}
