/**
 * Objects of S3 that others wrote, such as data: found, and read in ranges.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import { connect } from "./s3_client.ts";
import { type Attempted, explain, statusOf } from "./s3_failures.ts";
import type { Purpose } from "./storage.ts";

/** What is known of an object without reading it. */
export interface ObjectInfo {
  /** `s3://BUCKET/KEY`. */
  readonly uri: string;
  /** Its size. */
  readonly bytes: number;
  /** Its ETag, which changes with its content. */
  readonly tag: string;
}

/** An object that is read in parts, all of them of the same content. */
export interface ObjectReader extends ObjectInfo {
  /**
   * Bytes from `start` up to `end`.
   *
   * @throws {DataError} `data.changed` if the object was replaced since it was opened
   * @throws {DependencyError} `storage.…`
   */
  read(start: number, end: number): Promise<ArrayBuffer>;
}

/** Where footers are; read at once with the size. */
const TAIL = 32_768;
/** Attempts at a request whose answer broke in the middle. */
const ATTEMPTS = 4;

/** The parts of `s3://BUCKET/KEY`; the key may be empty. */
export function bucketAndKey(uri: string): { bucket: string; key: string } {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  return { bucket, key };
}

/** URIs of the object of that name, or of all below it as a folder, sorted. @throws {DependencyError} */
export async function listObjects(uri: string, what: Purpose): Promise<string[]> {
  const { key } = bucketAndKey(uri);
  const folder = key === "" || key.endsWith("/") ? uri : `${uri}/`;
  return (await listPrefix(uri, what)).filter((one) => one === uri || one.startsWith(folder));
}

/** URIs of all objects that begin like this one, sorted. @throws {DependencyError} */
export async function listPrefix(uri: string, what: Purpose): Promise<string[]> {
  const { bucket, key } = bucketAndKey(uri);
  const { client, ListObjectsV2Command } = await connect();
  const found: string[] = [];
  let token: string | undefined;
  try {
    do {
      const page = await repeated(() =>
        client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token }),
        )
      );
      for (const { Key = "" } of page.Contents ?? []) found.push(`s3://${bucket}/${Key}`);
      token = page.NextContinuationToken;
    } while (token !== undefined);
  } catch (error) {
    throw explain(error, { ...what, bucket, uri, action: "s3:ListBucket" });
  }
  return found.sort((a, b) => a < b ? -1 : 1);
}

/** What an object is now; undefined if there is none. @throws {DependencyError} */
export async function objectInfo(uri: string, what: Purpose): Promise<ObjectInfo | undefined> {
  const { bucket, key } = bucketAndKey(uri);
  const { client, HeadObjectCommand } = await connect();
  try {
    const head = await repeated(() =>
      client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    );
    return { uri, bytes: head.ContentLength ?? 0, tag: head.ETag ?? "" };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw explain(error, { ...what, bucket, uri, action: "s3:GetObject" });
  }
}

/** Writes an object, in the place of one that is there. @throws {DependencyError} `storage.…` */
export async function putObject(
  uri: string,
  bytes: Uint8Array<ArrayBuffer>,
  what: Purpose,
): Promise<void> {
  const { bucket, key } = bucketAndKey(uri);
  const { client, PutObjectCommand } = await connect();
  try {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  } catch (error) {
    throw explain(error, { ...what, bucket, uri, action: "s3:PutObject" });
  }
}

/**
 * Opens an object by reading its end; undefined if there is none.
 *
 * @throws {DependencyError} `storage.…`
 */
export async function openObject(uri: string, what: Purpose): Promise<ObjectReader | undefined> {
  const info = await objectInfo(uri, what);
  if (info === undefined) return undefined;
  const { bucket, key } = bucketAndKey(uri);
  const { client, GetObjectCommand } = await connect();
  const attempted: Attempted = { ...what, bucket, uri, action: "s3:GetObject" };

  const fetchRange = async (start: number, end: number): Promise<ArrayBuffer> => {
    try {
      return await repeated(async () => {
        const { Body } = await client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: key,
            Range: `bytes=${start}-${end - 1}`,
            IfMatch: info.tag,
          }),
        );
        const { buffer, byteLength } = new Uint8Array(await Body?.transformToByteArray() ?? []);
        if (byteLength === end - start) return buffer;
        throw new Error(`${byteLength} of ${end - start} bytes came`);
      });
    } catch (error) {
      const status = statusOf(error);
      if (status === 412 || status === 404 || status === 416) throw changed(uri);
      throw explain(error, attempted);
    }
  };

  const from = Math.max(0, info.bytes - TAIL);
  const tail = info.bytes === 0 ? new ArrayBuffer(0) : await fetchRange(from, info.bytes);
  return {
    ...info,
    read: (start, end) =>
      start >= from
        ? Promise.resolve(tail.slice(start - from, end - from))
        : fetchRange(start, end),
  };
}

function changed(uri: string): DataError {
  return new DataError({
    code: "data.changed",
    cannot: `read ${uri}`,
    found: "it is another object now than when the data was opened, or gone",
    todo: "Leave the data alone while it is read and start again",
    place: { url: uri },
  });
}

/** Asks again where the answer broke off: the SDK does so only until the answer begins. */
async function repeated<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await request();
    } catch (error) {
      const broken = statusOf(error) === undefined || statusOf(error) === 200 ||
        statusOf(error) === 206;
      const hopeless = error instanceof Error && error.name === "CredentialsProviderError";
      if (!broken || hopeless || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt * Math.random()));
    }
  }
}
