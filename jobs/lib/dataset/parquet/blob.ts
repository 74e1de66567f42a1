/**
 * A source of bytes as the Blob that the parquet decoder takes.
 *
 * @module
 */
import { DataError } from "../../errors.ts";
import { type Range, ReadAhead } from "./read_ahead.ts";
import { openSource, type Source } from "../source.ts";

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
  /** The end of the file, its trailer included. */
  #footer: { readonly start: number; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;
  readonly #source: Source;
  readonly #start: number;
  #size: number;
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

  /** Of the source itself. */
  get sourceBytes(): number {
    return this.#source.bytes;
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
    const { bytes: size, read } = this.#source;
    const end = size - TRAILER;
    const start = end - new DataView(await read(end, size)).getUint32(0, true);
    const bytes = new Uint8Array(await read(start, end));
    this.showFooter(bytes, start);
    return { start, bytes };
  }

  /** Lets the decoder see this footer, as if the file ended with it; of the whole only. */
  showFooter(footer: Uint8Array, start: number): void {
    const bytes = new Uint8Array(footer.length + TRAILER);
    bytes.set(footer);
    new DataView(bytes.buffer).setUint32(footer.length, footer.length, true);
    bytes.set(new TextEncoder().encode("PAR1"), footer.length + TRAILER / 2);
    this.#footer = { start, bytes };
    this.#size = start + bytes.length;
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
    const { start: pagesEnd, bytes: footer } = this.#footer ?? { start: end };
    const pages = start < pagesEnd
      ? await (this.#ahead ?? this.#source).read(start, Math.min(end, pagesEnd))
      : new ArrayBuffer(0);
    if (footer === undefined || end <= pagesEnd) return pages;
    const joined = new Uint8Array(end - start);
    joined.set(new Uint8Array(pages));
    joined.set(footer.subarray(Math.max(0, start - pagesEnd), end - pagesEnd), pages.byteLength);
    return joined.buffer;
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
