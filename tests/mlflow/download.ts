/**
 * Downloads artifacts from S3 and prints the SHA-256 of each.
 *
 * usage: download.ts s3://BUCKET/KEY
 *
 * @module
 */

import { createHash } from "node:crypto";
import { s3Artifacts } from "../../jobs/lib/mlflow/artifacts/s3.ts";

const [uri = ""] = Deno.args;
const files = await s3Artifacts({ multipartFrom: Infinity, partBytes: 0 }).download(uri);
const hashes = files.map(({ path, bytes }) => [
  path,
  createHash("sha256").update(bytes).digest("hex"),
]);
const text = JSON.stringify(Object.fromEntries(hashes));
await Deno.stdout.write(new TextEncoder().encode(text));
