/**
 * Files on a web server: read in ranges where it can, whole where it cannot.
 *
 * @module
 */
import { DataError, UsageError } from "../errors.ts";
import type { ObjectReader } from "./object_reader.ts";
import type { Purpose } from "./storage.ts";
import { requestUrl } from "./url_request.ts";
import { contentRange, type Validator, validatorOf } from "./validators.ts";

/** Read at once with the size; a small file is read by it. */
const HEAD = 65_536;
/** Largest file of a server that gives no ranges: it is kept in memory. */
const MOST_WHOLE = 256 * 2 ** 20;

/**
 * Opens a file by its `https://` URL; undefined if there is none. Every range is of the same content,
 * by ETag or time of change: a server that tells neither, or gives no ranges, is asked for all of it.
 *
 * Certificates are checked against the authorities of Mozilla, with `DENO_TLS_CA_STORE=system` those
 * of the system, and with `DENO_CERT=FILE` also one of your own.
 *
 * @throws {UsageError} `data.unknown-uri` for http, and for URLs with secrets in them
 * @throws {DataError} `data.too-large`; reading may throw also `data.changed`
 * @throws {DependencyError} `storage.…`
 */
export async function openUrl(uri: string, what: Purpose): Promise<ObjectReader | undefined> {
  const url = checkedUrl(uri, what);
  const range = { range: `bytes=0-${HEAD - 1}` };
  const begun = await requestUrl(url, what, range, (answer) => begin(answer, url));
  switch (begun.is) {
    case "gone":
      return undefined;
    case "whole":
      return inMemory(uri, begun.bytes, begun.tag ?? await hashOf(begun.bytes));
    case "untold": {
      const bytes = await requestUrl(url, what, {}, (answer) => wholeOf(answer, url));
      return inMemory(uri, bytes, await hashOf(bytes));
    }
    case "part": {
      const { head, total, validator } = begun;
      return {
        uri,
        bytes: total,
        tag: validator.tag,
        read: async (start, end) => {
          if (end <= head.byteLength) return head.slice(start, end);
          const headers = { range: `bytes=${start}-${end - 1}`, ...validator.condition };
          const expected = { start, end, total, tag: validator.tag };
          return await requestUrl(url, what, headers, (answer) => partOf(answer, expected, url));
        },
      };
    }
  }
}

/** What the first answer has. */
type Begun =
  | { readonly is: "gone" }
  | { readonly is: "whole"; readonly bytes: ArrayBuffer; readonly tag?: string }
  /** A part of who knows what. */
  | { readonly is: "untold" }
  | {
    readonly is: "part";
    readonly head: ArrayBuffer;
    readonly total: number;
    readonly validator: Validator;
  };

async function begin(answer: Response, url: URL): Promise<Begun> {
  const { status, headers } = answer;
  const validator = validatorOf(headers);
  if (status === 200) {
    const bytes = await wholeOf(answer, url);
    return { is: "whole", bytes, ...validator === undefined ? {} : { tag: validator.tag } };
  }
  const range = contentRange(headers);
  if (status === 206 && range?.start === 0 && validator !== undefined) {
    const head = await complete(answer, range.end);
    const { total } = range;
    return total === head.byteLength
      ? { is: "whole", bytes: head, tag: validator.tag }
      : { is: "part", head, total, validator };
  }
  await answer.body?.cancel();
  if (status === 416) return { is: "whole", bytes: new ArrayBuffer(0) };
  return status === 206 ? { is: "untold" } : { is: "gone" };
}

function inMemory(uri: string, bytes: ArrayBuffer, tag: string): ObjectReader {
  return {
    uri,
    bytes: bytes.byteLength,
    tag,
    read: (start, end) => Promise.resolve(bytes.slice(start, end)),
  };
}

interface Expected {
  readonly start: number;
  readonly end: number;
  readonly total: number;
  readonly tag: string;
}

/** The range that was asked for, of the same content. */
async function partOf(answer: Response, expected: Expected, url: URL): Promise<ArrayBuffer> {
  const { start, end, total, tag } = expected;
  const range = contentRange(answer.headers);
  const same = answer.status === 206 && validatorOf(answer.headers)?.tag === tag &&
    range?.start === start && range.end === end && range.total === total;
  if (same) return await complete(answer, end - start);
  await answer.body?.cancel();
  throw new DataError({
    code: "data.changed",
    cannot: `read ${url.href}`,
    found: "it is another file now than when the data was opened, or gone",
    todo: "Leave the data alone while it is read and start again",
    place: { url: url.href },
  });
}

async function complete(answer: Response, size: number): Promise<ArrayBuffer> {
  const bytes = await answer.arrayBuffer();
  if (bytes.byteLength === size) return bytes;
  throw new Error(`${bytes.byteLength} of ${size} bytes came`);
}

async function wholeOf(answer: Response, url: URL): Promise<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = Number(answer.headers.get("content-length") ?? 0);
  if (bytes <= MOST_WHOLE) {
    bytes = 0;
    // Leaving the loop ends the answer.
    for await (const part of answer.body ?? []) {
      bytes += part.length;
      if (bytes > MOST_WHOLE) break;
      parts.push(part);
    }
    if (bytes <= MOST_WHOLE) return await new Blob(parts).arrayBuffer();
  } else await answer.body?.cancel();
  throw new DataError({
    code: "data.too-large",
    cannot: `read ${url.href}`,
    found: `the server gives no ranges of it, and it is more than ${MOST_WHOLE / 2 ** 20} MiB`,
    todo: "Download it and give the file, or put it on S3",
    place: { url: url.href },
  });
}

async function hashOf(bytes: ArrayBuffer): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 32);
}

function checkedUrl(uri: string, { option }: Purpose): URL {
  const url = URL.parse(uri);
  const found = url?.protocol !== "https:"
    ? "it is no https:// URL"
    : hasSecret(url)
    ? "it has credentials in it, which would end up in logs and in the state of runs"
    : undefined;
  if (url !== null && found === undefined) return url;
  throw new UsageError({
    code: "data.unknown-uri",
    cannot: `read the data of ${uri.replace(/\/\/[^/]*@/, "//***@").replace(/\?.*/s, "?***")}`,
    found: found ?? "it is no URL",
    todo: "Give https:// of a public file, or s3://, which the job's role may read",
    place: { option },
  });
}

function hasSecret({ username, password, searchParams }: URL): boolean {
  return username !== "" || password !== "" ||
    [...searchParams.keys()].some((name) => SIGNED.test(name));
}

/** Parameters that sign a URL: of S3, Google, Azure, CloudFront; and plain tokens. */
const SIGNED =
  /^(x-(amz|goog)-(signature|security-token|credential)|sig|signature|.*token|.*key)$/i;
