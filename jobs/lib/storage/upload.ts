/**
 * Objects of any size. Large ones go in parts, so that memory does not grow with them
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html).
 *
 * @module
 */
import { bucketAndKey } from "./objects.ts";
import { connect } from "./s3_client.ts";
import { explain } from "./s3_failures.ts";
import type { Purpose } from "./storage.ts";

/** What is uploaded. */
export interface UploadContent {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `from` up to `to`, which may be beyond the end. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** How it is uploaded. */
export interface UploadOptions {
  /** Contents of this many bytes and more go in parts. */
  readonly multipartFrom: number;
  /** Bytes of a part; 5 MiB at least. */
  readonly partBytes: number;
  /** Ends the upload; nothing is left of it then. */
  readonly signal?: AbortSignal | undefined;
}

/** S3 takes no more parts of an object, and none but the last below {@linkcode MIN_PART}. */
const MAX_PARTS = 10_000;
const MIN_PART = 5 << 20;

/**
 * Makes an object, or replaces it.
 *
 * @throws {DependencyError} `storage.…`
 * @throws the signal's reason if it is aborted
 */
export async function uploadObject(
  uri: string,
  content: UploadContent,
  what: Purpose,
  options: UploadOptions,
): Promise<void> {
  const { bucket, key } = bucketAndKey(uri);
  const target = { Bucket: bucket, Key: key };
  try {
    if (content.size >= options.multipartFrom) return await inParts(target, content, options);
    const { client, PutObjectCommand } = await connect();
    const Body = await content.read(0, content.size);
    await client.send(new PutObjectCommand({ ...target, Body }), abortOf(options));
  } catch (error) {
    options.signal?.throwIfAborted();
    throw explain(error, { ...what, bucket, uri, action: "s3:PutObject" });
  }
}

async function inParts(
  target: { readonly Bucket: string; readonly Key: string },
  content: UploadContent,
  options: UploadOptions,
): Promise<void> {
  const s3 = await connect();
  const { client } = s3;
  const abort = abortOf(options);
  const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand(target), abort);
  const size = Math.max(options.partBytes, MIN_PART, Math.ceil(content.size / MAX_PARTS));
  const parts: { PartNumber: number; ETag: string | undefined }[] = [];
  try {
    for (let from = 0; from < content.size; from += size) {
      const PartNumber = parts.length + 1;
      const Body = await content.read(from, from + size);
      const part = new s3.UploadPartCommand({ ...target, UploadId, PartNumber, Body });
      const { ETag } = await client.send(part, abort);
      parts.push({ PartNumber, ETag });
    }
    const MultipartUpload = { Parts: parts };
    await client.send(
      new s3.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }),
      abort,
    );
  } catch (error) {
    // What is left would be paid for; the stop signal must not keep us from removing it.
    await client.send(new s3.AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => {});
    throw error;
  }
}

function abortOf({ signal }: UploadOptions): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
