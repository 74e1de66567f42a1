import { fileURLToPath } from "node:url";
import { UsageError } from "../errors.ts";
import { folderStorage } from "./folder.ts";
import { s3Storage } from "./s3.ts";
import type { Purpose, Storage } from "./storage.ts";

/**
 * Opens a storage; nothing is read or written yet.
 *
 * S3 takes credentials, region and endpoint from where every AWS tool does: `AWS_ACCESS_KEY_ID` …,
 * `AWS_PROFILE`, a container's or an instance's role; `AWS_REGION`; `AWS_ENDPOINT_URL_S3` or
 * `AWS_ENDPOINT_URL`. It needs s3:GetObject, s3:PutObject and s3:ListBucket below the prefix.
 *
 * @param uri a folder, `file:///folder`, `s3://bucket/prefix`
 * @param what what it is for, for messages
 * @throws {UsageError} `storage.uri-invalid`
 */
export function openStorage(uri: string, what: Purpose): Storage {
  const invalid = (found: string) =>
    new UsageError({
      code: "storage.uri-invalid",
      cannot: `use ${JSON.stringify(uri)} as storage`,
      found,
      todo: "Give a folder, or s3://BUCKET/PREFIX",
      place: { option: what.option },
    });
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]+):\/\/(.*)$/i.exec(uri) ?? [];
  if (scheme === undefined) {
    // A letter and a colon is a disk; a word and a colon is a URI with a mistake in it.
    if (/^[a-z][a-z0-9+.-]+:/i.test(uri)) throw invalid("it is neither a folder nor a URI");
    return folderStorage(uri, what);
  }
  if (scheme === "file") {
    if (!rest.startsWith("/")) throw invalid("file:// is followed by an absolute path");
    return folderStorage(fileURLToPath(uri), what);
  }
  if (scheme !== "s3") throw invalid(`${scheme}:// is not known`);
  const [bucket = "", ...path] = rest.split("/");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw invalid(`${JSON.stringify(bucket)} is no name of a bucket`);
  }
  return s3Storage(bucket, path.filter((part) => part !== "").join("/"), what);
}
