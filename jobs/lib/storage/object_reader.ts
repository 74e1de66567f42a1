/**
 * An object of S3, read in ranges.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import { bucketAndKey, type ObjectInfo } from "./objects.ts";
import { connect } from "./s3_client.ts";
import { type Attempted, explain, repeated, statusOf } from "./s3_failures.ts";
import type { Purpose } from "./storage.ts";

/** A file elsewhere that is read in parts, all of them of the same content. */
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

/**
 * Opens an object by reading its end; undefined if there is none.
 *
 * @throws {DependencyError} `storage.…`
 */
export async function openObject(uri: string, what: Purpose): Promise<ObjectReader | undefined> {
  const { bucket, key } = bucketAndKey(uri);
  const attempted: Attempted = { ...what, bucket, uri, action: "s3:GetObject" };
  let opened: Part;
  try {
    opened = await partOf(bucket, key, `bytes=-${TAIL}`);
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (statusOf(error) === 404 && name !== "NoSuchBucket") return undefined;
    throw explain(error, attempted);
  }
  const { tag, total, start: from, bytes: tail } = opened;
  return {
    uri,
    bytes: total,
    tag,
    read: async (start, end) => {
      if (start >= from) return tail.slice(start - from, end - from);
      try {
        const part = await partOf(bucket, key, `bytes=${start}-${end - 1}`, tag);
        if (part.total === total && part.bytes.byteLength === end - start) return part.bytes;
      } catch (error) {
        const status = statusOf(error);
        if (status !== 412 && status !== 404 && status !== 416) throw explain(error, attempted);
      }
      throw changed(uri);
    },
  };
}

interface Part {
  readonly bytes: ArrayBuffer;
  readonly start: number;
  /** Size of the object. */
  readonly total: number;
  readonly tag: string;
}

/** @param tag what the object has to be, for S3 to refuse any other */
async function partOf(bucket: string, key: string, range: string, tag?: string): Promise<Part> {
  const { client, GetObjectCommand } = await connect();
  const request = { Bucket: bucket, Key: key, Range: range };
  return await repeated(async () => {
    try {
      const answer = await client.send(
        new GetObjectCommand(tag === undefined ? request : { ...request, IfMatch: tag }),
      );
      const { buffer } = new Uint8Array(await answer.Body?.transformToByteArray() ?? []);
      const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.ContentRange ?? "") ??
        [];
      // Of an object that is no larger S3 may answer with all of it.
      const start = Number(first ?? 0);
      const size = last === undefined ? answer.ContentLength ?? 0 : Number(last) + 1 - start;
      if (buffer.byteLength !== size) throw new Error(`${buffer.byteLength} of ${size} bytes came`);
      return { bytes: buffer, start, total: Number(total ?? size), tag: answer.ETag ?? "" };
    } catch (error) {
      // No range of an empty object can be given.
      if (statusOf(error) !== 416 || tag !== undefined) throw error;
      return { bytes: new ArrayBuffer(0), start: 0, total: 0, tag: "" };
    }
  });
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
