/**
 * Texts and bytes as objects of a bucket.
 *
 * A key is created by a conditional put (`If-None-Match: *`), which S3 has had since August 2024:
 * of any number of writers one succeeds, and reads see it at once.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @module
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { messageOf } from "../errors.ts";
import { VERSION } from "../version.ts";
import { type Attempted, explain, statusOf } from "./s3_failures.ts";
import { bytesOf, equalBytes, type Purpose, type Storage } from "./storage.ts";

/** A storage in a bucket below a prefix, which may be empty. */
export function s3Storage(bucket: string, prefix: string, what: Purpose): Storage {
  const root = prefix === "" ? "" : `${prefix}/`;
  let opened: Promise<Connected> | undefined;
  const sdk = () => opened ??= connect();
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

type Connected = Awaited<ReturnType<typeof connect>>;

/** The SDK is imported late: it costs a tenth of a second, and reads the environment. */
async function connect() {
  const { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } = await import(
    "@aws-sdk/client-s3"
  );
  const { env } = Deno;
  const client: S3Client = new S3Client({
    region: env.get("AWS_REGION") || env.get("AWS_DEFAULT_REGION") || "us-east-1",
    followRegionRedirects: true,
    // Stand-ins for S3 have no host per bucket.
    forcePathStyle: Boolean(env.get("AWS_ENDPOINT_URL_S3") || env.get("AWS_ENDPOINT_URL")),
    maxAttempts: 5,
    requestHandler: await fetchHandler(),
    // The default one names the kernel's release, for which it would need a permission.
    defaultUserAgentProvider: () => Promise.resolve([["ml-pipelines", VERSION]]),
  });
  return { client, GetObjectCommand, ListObjectsV2Command, PutObjectCommand };
}

/**
 * Sends by fetch. The SDK's default is `node:http`, whose second request on a connection that is kept
 * alive is never answered under Deno 2.6.
 */
async function fetchHandler() {
  const { FetchHttpHandler } = await import("@smithy/fetch-http-handler");
  type Handle = InstanceType<typeof FetchHttpHandler>["handle"];
  return new (class extends FetchHttpHandler {
    override async handle(...args: Parameters<Handle>): ReturnType<Handle> {
      try {
        return await super.handle(...args);
      } catch (error) {
        // The SDK tries again after what it knows by name, and a lost connection has none in fetch.
        if (!(error instanceof TypeError)) throw error;
        const { cause = error } = error;
        throw Object.assign(new Error(messageOf(cause), { cause }), { name: "TimeoutError" });
      }
    }
  })({ requestTimeout: 20_000 });
}
