/**
 * A local file as a Blob whose slices are read from the disk when asked for.
 *
 * @module
 */
import { DataError, messageOf } from "../errors.ts";

/** Opens a file that begins and ends like parquet; dispose it to close the file. */
export async function openFile(path: string): Promise<FileBlob> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw new DataError({
      code: "data.unreadable",
      cannot: `read ${path}`,
      found: messageOf(error),
      todo: "Make the file readable for this user",
      place: { file: path },
      cause: error,
    });
  }
  try {
    const blob = new FileBlob(path, file, 0, (await file.stat()).size);
    await checkMagic(blob);
    return blob;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** See the module's description. Slices share the file; only the whole closes it. */
export class FileBlob extends Blob implements Disposable {
  readonly path: string;
  /** Why a read failed; the decoder does not pass it on. */
  failure: unknown;
  readonly #file: Deno.FsFile;
  readonly #start: number;
  readonly #size: number;
  readonly #whole: FileBlob;

  constructor(path: string, file: Deno.FsFile, start: number, size: number, whole?: FileBlob) {
    super();
    this.path = path;
    this.#file = file;
    this.#start = start;
    this.#size = size;
    this.#whole = whole ?? this;
  }

  override get size(): number {
    return this.#size;
  }

  override slice(start = 0, end: number = this.#size): FileBlob {
    const size = Math.max(0, Math.min(end, this.#size) - start);
    return new FileBlob(this.path, this.#file, this.#start + start, size, this.#whole);
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.try(() => this.#read()).catch((error) => {
      this.#whole.failure = error;
      throw error;
    });
  }

  [Symbol.dispose](): void {
    if (this.#whole === this) this.#file.close();
  }

  /** In one go: the decoder reads several slices at a time, which share the file's position. */
  #read(): ArrayBuffer {
    const bytes = new Uint8Array(this.#size);
    this.#file.seekSync(this.#start, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const count = this.#file.readSync(bytes.subarray(at));
      if (count === null) throw new Error(`the file ends at byte ${this.#start + at}`);
      at += count;
    }
    return bytes.buffer;
  }
}

const SHORTEST = 12;

/** Parquet is `PAR1`, the pages, the footer, its length in 4 bytes, `PAR1`. */
async function checkMagic(blob: FileBlob): Promise<void> {
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
