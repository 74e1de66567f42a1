/**
 * A file in as many answers as it takes.
 *
 * @module
 */

import { contentRange } from "../../storage/mod.ts";

/** What has come of a file so far. */
export interface Download {
  /** For the next request: what is still missing, if the server can give just that. */
  headers(): Readonly<Record<string, string>>;
  /**
   * Reads the answer to such a request.
   *
   * @param came called as often as something comes
   * @returns the whole file; undefined if the answer has nothing of it and was left unread
   * @throws {Error} if it broke off, or is of another content than what came before
   */
  take(answer: Response, came?: () => void): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** How many bytes there were at the most. */
  readonly furthest: number;
}

/**
 * A download. What breaks off goes on where it was if the server told a strong ETag and still has that
 * content (https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5); else it begins again. Bytes of two
 * contents are never put together.
 *
 * @param size bytes of the file, if they are known: an answer that ends before is not taken for whole
 */
export function startDownload(size?: number): Download {
  let bytes = new ArrayBuffer(0);
  let length = 0;
  let furthest = 0;
  let tag: string | undefined;

  const forget = () => {
    length = 0;
    tag = undefined;
  };

  const begin = (answer: Response) => {
    const { status, headers } = answer;
    const range = contentRange(headers);
    if (status !== 206) {
      forget();
      // What was packed on the way is unpacked already, and its ranges would be of the package.
      tag = headers.has("content-encoding") ? undefined : strongTag(headers);
      return reserve(size ?? Number(headers.get("content-length") ?? 0));
    }
    const same = range?.start === length && range.end === range.total &&
      range.total === (size ?? range.total) && strongTag(headers) === tag;
    if (!same) throw replaced();
  };

  const replaced = () => {
    forget();
    return new Error("the file was replaced while it was downloaded");
  };

  const reserve = (needed: number) => {
    if (needed > bytes.byteLength) bytes = bytes.transfer(needed);
  };

  const append = (piece: Uint8Array) => {
    const end = length + piece.length;
    if (end > (size ?? Infinity)) throw new Error(`more than its ${size} bytes came`);
    if (end > bytes.byteLength) reserve(Math.max(end, 2 * bytes.byteLength));
    new Uint8Array(bytes).set(piece, length);
    length = end;
    furthest = Math.max(furthest, end);
  };

  return {
    headers: () => ({
      "accept-encoding": "identity",
      ...(tag === undefined || length === 0
        ? {}
        : { "range": `bytes=${length}-`, "if-range": tag }),
    }),
    async take(answer, came = () => {}) {
      const { status } = answer;
      const hasMore = status === 200 || status === 206;
      // There is no such range: what came before is of a longer file.
      const isGone = status === 416 && length > 0;
      if (!hasMore && !isGone) return undefined;
      try {
        if (isGone) throw replaced();
        begin(answer);
        for await (const piece of answer.body ?? []) {
          came();
          append(piece);
        }
      } finally {
        await answer.body?.cancel().catch(() => {});
      }
      if (length < (size ?? 0)) throw new Error(`${length} of ${size} bytes came`);
      return new Uint8Array(bytes, 0, length);
    },
    get furthest() {
      return furthest;
    },
  };
}

/** Equal only for the same bytes. */
function strongTag(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  return tag?.startsWith('"') ? tag : undefined;
}
