/**
 * Recognises a file without reading all of it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { DataError, isNotFound, messageOf } from "../errors.ts";
import { objectInfo, openUrl } from "../storage/mod.ts";
import { formatOf } from "./format.ts";
import { READ_DATA } from "./source.ts";

const END = 65_536;
const SAMPLES = 16;
const SAMPLE = 4_096;

/**
 * A tag that changes with a file's content, whatever its name and times: a hash of the size, of the
 * last 64 KB (where parquet keeps the place, size and statistics of every page) and of 16 samples in
 * between. Small files are hashed whole, and text, which has no such place. It tells a file that was written again from the one before; it
 * does not withstand somebody who changes a few bytes on purpose. Of an object it is the ETag, of a file
 * on a web server that or the time of change.
 *
 * @returns undefined if there is no such file
 * @throws {DataError} `data.unreadable`
 * @throws {DependencyError} `storage.…`
 */
export async function contentTag(path: string): Promise<string | undefined> {
  if (path.startsWith("https://")) return (await openUrl(path, READ_DATA))?.tag;
  if (path.startsWith("s3://")) return (await objectInfo(path, READ_DATA))?.tag;
  try {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    const end = Math.max(0, size - END);
    if (formatOf(path)?.name !== "parquet") return await hashOf(file);
    const parts: [from: number, to: number][] = end <= SAMPLES * SAMPLE ? [[0, size]] : [
      ...Array.from({ length: SAMPLES }, (_, index): [number, number] => {
        const from = Math.floor((end - SAMPLE) * index / (SAMPLES - 1));
        return [from, from + SAMPLE];
      }),
      [end, size],
    ];
    const bytes = new Uint8Array(8 + parts.reduce((sum, [from, to]) => sum + to - from, 0));
    new DataView(bytes.buffer).setBigUint64(0, BigInt(size));
    let at = 8;
    for (const [from, to] of parts) {
      await read(file, from, bytes.subarray(at, at + to - from));
      at += to - from;
    }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 32);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw new DataError({
      code: "data.unreadable",
      cannot: `read ${path}`,
      found: messageOf(error),
      todo: "Make the file readable for this user",
      place: { file: path },
      cause: error,
    });
  }
}

async function hashOf(file: Deno.FsFile): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of file.readable) hash.update(part);
  return hash.digest("hex").slice(0, 32);
}

async function read(file: Deno.FsFile, from: number, into: Uint8Array): Promise<void> {
  await file.seek(from, Deno.SeekMode.Start);
  for (let at = 0; at < into.length;) {
    const count = await file.read(into.subarray(at));
    if (count === null) throw new Error(`the file ends at byte ${from + at}`);
    at += count;
  }
}
