/**
 * What HTTP says about parts of a file, and by what one content is told from another.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110
 * @module
 */

/** By what a file is recognised. */
export interface Validator {
  /** Changes with the content. */
  readonly tag: string;
  /** Headers that make the server refuse another content. */
  readonly condition: Readonly<Record<string, string>>;
}

/** The ETag if there is one, else the time of change; undefined if the server tells neither. */
export function validatorOf(headers: Headers): Validator | undefined {
  const etag = headers.get("etag"), modified = headers.get("last-modified");
  if (etag !== null && !etag.startsWith("W/")) {
    return { tag: etag, condition: { "if-match": etag } };
  }
  if (modified === null) return undefined;
  // A weak ETag tells contents apart, but no server compares it for a range.
  return {
    tag: etag === null ? modified : `${etag} ${modified}`,
    condition: { "if-unmodified-since": modified },
  };
}

/** The part of a file that an answer has, up to `end`, and the file's size; undefined if it does not say. */
export function contentRange(
  headers: Headers,
): { readonly start: number; readonly end: number; readonly total: number } | undefined {
  const [, first, last, total] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get("content-range") ?? "") ??
      [];
  if (first === undefined) return undefined;
  const [start, end, size] = [Number(first), Number(last) + 1, Number(total)];
  if (!Number.isSafeInteger(size) || start >= end || end > size) return undefined;
  return { start, end, total: size };
}
