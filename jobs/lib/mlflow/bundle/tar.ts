/**
 * A model archive (`.tar.gz`) from anywhere: unpacked into memory, never to the disk, with what an
 * attacker would put into it refused.
 *
 * @module
 */

import { Readable } from "node:stream";
// @ts-types="npm:@types/tar-stream@3.1.4"
import { extract } from "tar-stream";
import { DataError, messageOf, PlatformError } from "../../errors.ts";
import type { Artifact } from "../store.ts";
import { isPlainPath } from "../names.ts";

/** How much a bundle may hold, as files and unpacked bytes. */
export interface BundleLimits {
  /** Most entries. */
  readonly files: number;
  /** Most bytes, unpacked. */
  readonly bytes: number;
}

/** Far above what a bundle needs, far below what would exhaust a machine. */
export const BUNDLE_LIMITS: BundleLimits = { files: 1000, bytes: 2 ** 31 };

/**
 * The files of a gzipped tar.
 *
 * @param source Names the archive in messages.
 * @throws {DataError} `model.archive-unsafe` for links, devices, absolute paths, `..`, duplicates and
 * too much of anything; `model.not-a-bundle` for what is no archive
 */
export async function untar(
  compressed: ReadableStream<Uint8Array<ArrayBuffer>>,
  source: string,
  limits: BundleLimits = BUNDLE_LIMITS,
): Promise<Artifact[]> {
  const bounded = compressed
    .pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(refuseBeyond(limits.bytes + TAR_OVERHEAD * limits.files, source));
  const archive = extract();
  const input = Readable.from(bounded);
  input.on("error", (error) => archive.destroy(error));
  input.pipe(archive);
  const files = new Map<string, Artifact>();
  let entries = 0;
  let bytes = 0;
  try {
    for await (const entry of archive) {
      const { name, type = "file", size = 0 } = entry.header;
      if (++entries > limits.files) {
        throw unsafe(source, `it has more than ${limits.files} entries`);
      }
      if (type !== "file" && type !== "contiguous-file" && type !== "directory") {
        throw unsafe(source, `"${name}" is a ${type}`);
      }
      const path = plainPath(name, source);
      if (type === "directory") {
        entry.resume();
        continue;
      }
      bytes += size;
      if (bytes > limits.bytes) {
        throw unsafe(source, `it unpacks to more than ${limits.bytes} bytes`);
      }
      if (files.has(path)) throw unsafe(source, `it has "${path}" twice`);
      files.set(path, { path, bytes: await content(entry, size) });
    }
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new DataError({
      code: "model.not-a-bundle",
      cannot: "read the model archive",
      found: `${source} is not a complete gzipped tar (${messageOf(error)})`,
      todo: "Give the model.tar.gz that a training made, or its folder",
      place: { file: source },
      cause: error,
    });
  } finally {
    input.destroy();
  }
  return [...files.values()];
}

/** A header, its padding and its extended header. */
const TAR_OVERHEAD = 4096;

async function content(entry: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const chunk of entry) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function plainPath(name: string, source: string): string {
  const path = name.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  const root = path === "" || path === ".";
  if (root || (isPlainPath(path) && !/[\\\0]|^[a-z]:/i.test(path))) return path;
  throw unsafe(source, `"${name.slice(0, 200)}" leads out of the archive`);
}

function refuseBeyond(limit: number, source: string): TransformStream<Uint8Array, Uint8Array> {
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.length;
      if (total > limit) throw unsafe(source, `it unpacks to more than ${limit} bytes`);
      controller.enqueue(chunk);
    },
  });
}

function unsafe(source: string, found: string): DataError {
  return new DataError({
    code: "model.archive-unsafe",
    cannot: "unpack the model archive",
    found: `${source}: ${found}`,
    todo: "Give an archive of plain files and folders, as training makes it",
    place: { file: source },
  });
}
