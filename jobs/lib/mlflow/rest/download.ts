import { contentRange } from "../../storage/mod.ts";

/**
 * A file in as many answers as it takes. What breaks off goes on where it was if the server told a
 * strong ETag and still has that content (https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5); else
 * it begins again. Bytes of two contents are never put together.
 */
export class Download {
  readonly #size: number | undefined;
  #bytes = new ArrayBuffer(0);
  #length = 0;
  #furthest = 0;
  #tag: string | undefined;

  /** @param size bytes of the file, if they are known: an answer that ends before is not whole */
  constructor(size?: number) {
    this.#size = size;
  }

  /** How many bytes there were at the most. */
  get furthest(): number {
    return this.#furthest;
  }

  /** For the next request: what is still missing, if the server can give just that. */
  headers(): Readonly<Record<string, string>> {
    return {
      // What is packed on the way has no ranges.
      "accept-encoding": "identity",
      ...(this.#tag === undefined || this.#length === 0
        ? {}
        : { "range": `bytes=${this.#length}-`, "if-range": this.#tag }),
    };
  }

  /**
   * Reads the answer to such a request.
   *
   * @param came called as often as something comes
   * @returns the whole file; undefined if the answer has nothing of it and was left unread
   * @throws {Error} if it broke off, or is of another content than what came before
   */
  async take(
    answer: Response,
    came: () => void = () => {},
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { status } = answer;
    // There is no such range: what came before is of a longer file.
    const isGone = status === 416 && this.#length > 0;
    if (status !== 200 && status !== 206 && !isGone) return undefined;
    try {
      if (status === 200) this.#begin(answer);
      else if (!this.#goesOn(answer)) {
        this.#forget();
        throw new Error("the file was replaced while it was downloaded");
      }
      for await (const piece of answer.body ?? []) {
        came();
        this.#append(piece);
      }
    } finally {
      await answer.body?.cancel().catch(() => {});
    }
    const size = this.#size ?? 0;
    if (this.#length < size) throw new Error(`${this.#length} of ${size} bytes came`);
    return new Uint8Array(this.#bytes, 0, this.#length);
  }

  #begin({ headers }: Response): void {
    this.#forget();
    // What was packed all the same is unpacked already, and its ranges would be of the package.
    this.#tag = headers.has("content-encoding") ? undefined : strongTag(headers);
    this.#reserve(this.#size ?? Number(headers.get("content-length") ?? 0));
  }

  #goesOn({ headers }: Response): boolean {
    const range = contentRange(headers);
    return range?.start === this.#length && range.end === range.total &&
      range.total === (this.#size ?? range.total) && strongTag(headers) === this.#tag;
  }

  #forget(): void {
    this.#length = 0;
    this.#tag = undefined;
  }

  #append(piece: Uint8Array): void {
    const end = this.#length + piece.length;
    if (end > (this.#size ?? Infinity)) throw new Error(`more than its ${this.#size} bytes came`);
    if (end > this.#bytes.byteLength) this.#reserve(Math.max(end, 2 * this.#bytes.byteLength));
    new Uint8Array(this.#bytes).set(piece, this.#length);
    this.#length = end;
    this.#furthest = Math.max(this.#furthest, end);
  }

  #reserve(bytes: number): void {
    if (bytes > this.#bytes.byteLength) this.#bytes = this.#bytes.transfer(bytes);
  }
}

/** The ETag, if it is equal only for the same bytes. */
function strongTag(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  return tag?.startsWith('"') ? tag : undefined;
}
