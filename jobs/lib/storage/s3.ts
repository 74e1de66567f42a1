/**
 * Texts and bytes as objects of a bucket.
 *
 * A key is created by a conditional put (`If-None-Match: *`), which S3 has had since August 2024:
 * of any number of writers one succeeds, and reads see it at once.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @module
 */
import { connect } from "./s3_client.ts";
import { type Attempted, explain, statusOf } from "./s3_failures.ts";
import { bytesOf, equalBytes, type Purpose, type Storage } from "./storage.ts";

/** A storage in a bucket below a prefix, which may be empty. */
export function s3Storage(bucket: string, prefix: string, what: Purpose): Storage {
  const root = prefix === "" ? "" : `${prefix}/`;
  const sdk = connect;
  const locate = (key: string) => `s3://${bucket}/${root}${key}`;

  const readBytes = async (key: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const { client, GetObjectCommand } = await sdk();
    const attempted: Attempted = { ...what, bucket, uri: locate(key), action: "s3:GetObject" };
    try {
      const { Body } = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: root + key }),
      );
      // The SDK's bytes may be a view of a pool of Node's.
      return new Uint8Array(await Body?.transformToByteArray() ?? []);
    } catch (error) {
      if (error instanceof Error && error.name === "NoSuchKey") return undefined;
      throw explain(error, attempted);
    }
  };

  const create: Storage["create"] = async (key, content) => {
    const bytes = bytesOf(content);
    const { client, PutObjectCommand } = await sdk();
    const attempted: Attempted = { ...what, bucket, uri: locate(key), action: "s3:PutObject" };
    for (let attempt = 1;; attempt++) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: root + key,
            Body: bytes,
            ContentType: typeof content === "string"
              ? "application/json"
              : "application/octet-stream",
            IfNoneMatch: "*",
          }),
        );
        return true;
      } catch (error) {
        const status = statusOf(error);
        // Precondition failed: it is there, perhaps from a put of ours whose answer was lost.
        if (status === 412) {
          const there = await readBytes(key);
          return there !== undefined && equalBytes(there, bytes);
        }
        // Conflict: another put of the same key is on its way.
        if (status !== 409 || attempt === CONFLICTS) throw explain(error, attempted);
        await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt * Math.random()));
      }
    }
  };

  const list = async (prefix: string): Promise<string[]> => {
    const { client, ListObjectsV2Command } = await sdk();
    const attempted: Attempted = {
      ...what,
      bucket,
      uri: locate(prefix),
      action: "s3:ListBucket",
    };
    const keys: string[] = [];
    let token: string | undefined;
    try {
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: root + prefix,
            ContinuationToken: token,
          }),
        );
        for (const { Key } of page.Contents ?? []) if (Key) keys.push(Key.slice(root.length));
        token = page.NextContinuationToken;
      } while (token !== undefined);
    } catch (error) {
      throw explain(error, attempted);
    }
    return keys.sort();
  };

  const read = async (key: string) => {
    const bytes = await readBytes(key);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  return { uri: `s3://${bucket}/${prefix}`, locate, create, read, readBytes, list };
}

const CONFLICTS = 8;
