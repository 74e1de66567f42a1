/**
 * A source of bytes as the Blob that the parquet decoder takes.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import { type Range, ReadAhead } from "./read_ahead.ts";
import { openSource, type Source } from "./source.ts";

/**
 * Opens a file or object that begins and ends like parquet; dispose it to close the file.
 *
 * @throws {DataError} `data.unreadable`, `data.not-parquet`, `data.encrypted`
 * @throws {DependencyError} `storage.…`
 */
export async function openBlob(path: string): Promise<SourceBlob> {
  const source = await openSource(path);
  try {
    const blob = new SourceBlob(source);
    await checkMagic(blob);
    return blob;
  } catch (error) {
    source[Symbol.dispose]();
    throw error;
  }
}

/** See the module's description. Slices share the source; only the whole closes it. */
export class SourceBlob extends Blob implements Disposable {
  /** Why a read failed; the decoder does not pass it on. */
  failure: unknown;
  /** Sees what is read before the decoder does, and throws if it must not. */
  inspect: ((start: number, bytes: Uint8Array) => void) | undefined;
  #abandoned = false;
  #ahead: ReadAhead | undefined;
  #footer: { readonly start: number; readonly bytes: ArrayBuffer } | undefined;
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

  /** Changes when the file is written again. */
  get tag(): string {
    return this.#source.tag;
  }

  override get size(): number {
    return this.#size;
  }

  override slice(start = 0, end: number = this.#size): SourceBlob {
    const size = Math.max(0, Math.min(end, this.#size) - start);
    return new SourceBlob(this.#source, this.#start + start, size, this.#whole);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const whole = this.#whole;
    try {
      const bytes = await whole.#read(this.#start, this.#start + this.#size);
      whole.inspect?.(this.#start, new Uint8Array(bytes));
      if (!whole.#abandoned) return bytes;
    } catch (error) {
      whole.failure = error;
      if (!whole.#abandoned) throw error;
    }
    return await new Promise<never>(() => {});
  }

  /** The footer, which is kept for the decoder's own reading of it; of the whole only. */
  async footer(): Promise<{ readonly start: number; readonly bytes: Uint8Array }> {
    const end = this.#size - TRAILER;
    const trailer = await this.#source.read(end, this.#size);
    const start = end - new DataView(trailer).getUint32(0, true);
    const bytes = await this.#source.read(start, end);
    this.#footer = { start, bytes };
    return { start, bytes: new Uint8Array(bytes) };
  }

  /** Says what is going to be read, group by group, so that it is there in time; of the whole only. */
  plan(groups: readonly (readonly Range[])[]): void {
    const { remote, read } = this.#source;
    if (remote) this.#ahead = new ReadAhead(read, groups);
  }

  /** Waits for what was asked for ahead. */
  async idle(): Promise<void> {
    await this.#ahead?.idle();
  }

  /** Reads that have not ended never will: the decoder that asked is no more. */
  abandon(): void {
    this.#whole.#abandoned = true;
  }

  async #read(start: number, end: number): Promise<ArrayBuffer> {
    if (start >= end) return new ArrayBuffer(0);
    const kept = this.#footer;
    if (kept && kept.start <= start && end <= kept.start + kept.bytes.byteLength) {
      return kept.bytes.slice(start - kept.start, end - kept.start);
    }
    return await (this.#ahead ?? this.#source).read(start, end);
  }

  [Symbol.dispose](): void {
    if (this.#whole === this) this.#source[Symbol.dispose]();
  }
}

const SHORTEST = 12;
/** The footer's length and `PAR1`. */
const TRAILER = 8;

/** Parquet is `PAR1`, the pages, the footer, its length in 4 bytes, `PAR1`. Its end tells it. */
async function checkMagic(blob: SourceBlob): Promise<void> {
  const { path, size } = blob;
  const bytes = async (start: number, end: number) =>
    new Uint8Array(await blob.slice(start, end).arrayBuffer());
  const text = (part: Uint8Array) => String.fromCharCode(...part);
  const reject = (code: string, found: string, todo: string) => {
    throw new DataError({ code, cannot: `read ${path}`, found, todo, place: { file: path } });
  };
  const tail = size < SHORTEST ? new Uint8Array(8) : await bytes(size - 8, size);
  const footer = new DataView(tail.buffer).getUint32(0, true);
  if (text(tail.subarray(4)) === "PAR1" && footer + SHORTEST <= size) return;
  const head = text(await bytes(0, 4));
  if (head === "PARE") {
    reject("data.encrypted", "its footer is encrypted", "Write it without encryption");
  }
  if (head !== "PAR1") {
    const found = size === 0 ? "it is empty" : `it begins with ${JSON.stringify(head)}, not "PAR1"`;
    reject("data.not-parquet", `it is not a parquet file: ${found}`, "Give parquet files only");
  }
  reject(
    "data.not-parquet",
    `it ends after ${size} bytes without a parquet footer`,
    "It was not written or copied to its end: write it again",
  );
}
