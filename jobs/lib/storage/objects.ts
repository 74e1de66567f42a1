/**
 * Objects of S3 that others wrote, such as data.
 *
 * @module
 */
import { connect } from "./s3_client.ts";
import { explain, repeated, statusOf } from "./s3_failures.ts";
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
