/**
 * Where the bytes of a file come from: a file here or an object elsewhere, read in ranges.
 *
 * @module
 */
import { DataError, messageOf } from "../errors.ts";
import { type ObjectReader, openObject, openUrl, type Purpose } from "../storage/mod.ts";

/** For messages about objects. */
export const READ_DATA: Purpose = { option: "--data", purpose: "read the data" };

/** Bytes at any place of a file. */
export interface Source extends Disposable {
  /** Path or URI. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Changes when the file is written again. */
  readonly tag: string;
  /** Whether each read is a journey. */
  readonly remote: boolean;
  /** Bytes from `start` up to `end`. */
  read(start: number, end: number): Promise<ArrayBuffer>;
}

/**
 * Opens a file or object; dispose it to close the file.
 *
 * @throws {DataError} `data.unreadable`
 * @throws {DependencyError} `storage.…`
 */
export async function openSource(path: string): Promise<Source> {
  if (path.startsWith("s3://")) return objectSource(path, await openObject(path, READ_DATA));
  if (path.startsWith("https://")) return objectSource(path, await openUrl(path, READ_DATA));
  return await fileSource(path);
}

async function fileSource(path: string): Promise<Source> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw unreadable(path, messageOf(error), "Make the file readable for this user", error);
  }
  const { size, mtime } = await file.stat();
  return {
    path,
    bytes: size,
    tag: `${mtime?.getTime()}`,
    remote: false,
    read: (start, end) => Promise.try(() => readFile(file, start, end)),
    [Symbol.dispose]: () => file.close(),
  };
}

/** In one go: the decoder reads several slices at a time, which share the file's position. */
function readFile(file: Deno.FsFile, start: number, end: number): ArrayBuffer {
  const bytes = new Uint8Array(end - start);
  file.seekSync(start, Deno.SeekMode.Start);
  for (let at = 0; at < bytes.length;) {
    const count = file.readSync(bytes.subarray(at));
    if (count === null) throw new Error(`the file ends at byte ${start + at}`);
    at += count;
  }
  return bytes.buffer;
}

function objectSource(path: string, object: ObjectReader | undefined): Source {
  if (object === undefined) throw unreadable(path, "it is gone", "Put it back, or list again");
  return {
    path,
    bytes: object.bytes,
    tag: object.tag,
    remote: true,
    read: object.read,
    [Symbol.dispose]: () => {},
  };
}

function unreadable(path: string, found: string, todo: string, cause?: unknown): DataError {
  return new DataError({
    code: "data.unreadable",
    cannot: `read ${path}`,
    found,
    todo,
    place: { file: path },
    cause,
  });
}
