/**
 * Where the bytes of a parquet file come from: a file here or an object on S3, read in ranges, as the
 * Blob that the decoder takes.
 *
 * @module
 */
import { DataError, messageOf } from "../errors.ts";
import { openObject, type Purpose } from "../storage/mod.ts";

/** For messages about objects. */
export const READ_DATA: Purpose = { option: "--data", purpose: "read the data" };

/** Bytes at any place of a file. */
export interface Source extends Disposable {
  /** Path or URI. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Bytes from `start` up to `end`. */
  read(start: number, end: number): Promise<ArrayBuffer>;
}

/**
 * Opens a file or object that begins and ends like parquet; dispose it to close the file.
 *
 * @throws {DataError} `data.unreadable`, `data.not-parquet`, `data.encrypted`
 * @throws {DependencyError} `storage.…`
 */
export async function openSource(path: string): Promise<SourceBlob> {
  const source = path.startsWith("s3://") ? await s3Source(path) : await fileSource(path);
  try {
    const blob = new SourceBlob(source);
    await checkMagic(blob);
    return blob;
  } catch (error) {
    source[Symbol.dispose]();
    throw error;
  }
}

async function fileSource(path: string): Promise<Source> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw unreadable(path, messageOf(error), "Make the file readable for this user", error);
  }
  const bytes = (await file.stat()).size;
  return {
    path,
    bytes,
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

async function s3Source(path: string): Promise<Source> {
  const object = await openObject(path, READ_DATA);
  if (object === undefined) throw unreadable(path, "it is gone", "Put it back, or list again");
  return {
    path,
    bytes: object.bytes,
    read: object.read,
    [Symbol.dispose]: () => {},
  };
}

/** See the module's description. Slices share the source; only the whole closes it. */
export class SourceBlob extends Blob implements Disposable {
  /** Why a read failed; the decoder does not pass it on. */
  failure: unknown;
  readonly #source: Source;
  readonly #start: number;
  readonly #size: number;
  readonly #whole: SourceBlob;

  /** All of a source, or a part of `whole`. */
  constructor(source: Source, start = 0, size = source.bytes, whole?: SourceBlob) {
    super();
    this.#source = source;
    this.#start = start;
    this.#size = size;
    this.#whole = whole ?? this;
  }

  /** Path or URI. */
  get path(): string {
    return this.#source.path;
  }

  override get size(): number {
    return this.#size;
  }

  override slice(start = 0, end: number = this.#size): SourceBlob {
    const size = Math.max(0, Math.min(end, this.#size) - start);
    return new SourceBlob(this.#source, this.#start + start, size, this.#whole);
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    const read = this.#size === 0
      ? Promise.resolve(new ArrayBuffer(0))
      : this.#source.read(this.#start, this.#start + this.#size);
    return read.catch((error) => {
      this.#whole.failure = error;
      throw error;
    });
  }

  [Symbol.dispose](): void {
    if (this.#whole === this) this.#source[Symbol.dispose]();
  }
}

const SHORTEST = 12;

/** Parquet is `PAR1`, the pages, the footer, its length in 4 bytes, `PAR1`. */
async function checkMagic(blob: SourceBlob): Promise<void> {
  const { path, size } = blob;
  const bytes = async (start: number, end: number) =>
    new Uint8Array(await blob.slice(start, end).arrayBuffer());
  const text = (part: Uint8Array) => String.fromCharCode(...part);
  const reject = (code: string, found: string, todo: string) => {
    throw new DataError({ code, cannot: `read ${path}`, found, todo, place: { file: path } });
  };
  const head = text(await bytes(0, 4));
  if (head === "PARE") {
    reject("data.encrypted", "its footer is encrypted", "Write it without encryption");
  }
  if (head !== "PAR1") {
    const found = size === 0 ? "it is empty" : `it begins with ${JSON.stringify(head)}, not "PAR1"`;
    reject("data.not-parquet", `it is not a parquet file: ${found}`, "Give parquet files only");
  }
  const tail = size < SHORTEST ? new Uint8Array(8) : await bytes(size - 8, size);
  const footer = new DataView(tail.buffer).getUint32(0, true);
  if (text(tail.subarray(4)) !== "PAR1" || footer + SHORTEST > size) {
    reject(
      "data.not-parquet",
      `it ends after ${size} bytes without a parquet footer`,
      "It was not written or copied to its end: write it again",
    );
  }
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
