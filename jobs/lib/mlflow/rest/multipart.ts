/**
 * Large files in parts, straight to the S3 behind a server that passes artifacts on: the server only
 * says where (https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/#multipart-upload-for-proxied-artifact-access).
 *
 * @module
 */

import { z } from "zod";
import { DependencyError, messageOf } from "../../errors.ts";
import type { Content } from "../artifacts/content.ts";
import type { Http } from "./http.ts";
import { accepted, readJson } from "./http_errors.ts";
import { backoffMs } from "./retry.ts";
import { pause } from "./stop.ts";

const MPU = "/api/2.0/mlflow-artifacts/mpu";
/** S3 takes no more parts, and none but the last below 5 MiB. */
const MAX_PARTS = 10_000;
const MIN_PART = 5 << 20;
const TRIES = 5;

const UPLOAD = z.object({
  upload_id: z.string().default(""),
  credentials: z.array(z.object({
    url: z.url(),
    part_number: z.coerce.number().int().positive(),
    headers: z.record(z.string(), z.string()).default({}),
  })),
});

/**
 * Uploads a file in parts.
 *
 * @returns False if the server cannot: its artifacts are not on S3. Nothing was sent then.
 * @throws {DependencyError} `mlflow.upload-failed`
 */
export async function uploadInParts(
  http: Http,
  path: string,
  content: Content,
  cannot: string,
  { partBytes, signal }: { readonly partBytes: number; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  const size = Math.max(partBytes, MIN_PART, Math.ceil(content.size / MAX_PARTS));
  const folder = path.slice(0, path.lastIndexOf("/"));
  const post = (step: string, body: Readonly<Record<string, unknown>>, afterStop = false) =>
    http.send({
      method: "POST",
      path: `${MPU}/${step}/${folder.split("/").map(encodeURIComponent).join("/")}`,
      body: { path: path.slice(folder.length + 1), ...body },
      // An upload that is begun twice is left once; completing one twice is refused.
      idempotent: step !== "complete",
      cannot,
      afterStop,
    });
  const created = await post("create", { num_parts: Math.ceil(content.size / size) });
  if (created.status === 501 || created.status === 404) return false;
  const { upload_id, credentials } = readJson(
    accepted(created, http.baseUrl),
    UPLOAD,
    http.baseUrl,
  );
  try {
    const parts = [];
    for (const { url, part_number, headers } of credentials) {
      const from = (part_number - 1) * size;
      const piece = await content.read(from, from + size);
      parts.push({ part_number, etag: await putPart(url, headers, piece, cannot, signal) });
    }
    accepted(await post("complete", { upload_id, parts }), http.baseUrl);
  } catch (error) {
    // What is left would be paid for.
    await post("abort", { upload_id }, true).catch(() => {});
    throw error;
  }
  return true;
}

/** @returns the part's ETag */
async function putPart(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array<ArrayBuffer>,
  cannot: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  for (let tries = 1;; tries++) {
    let found: string;
    try {
      const timeout = AbortSignal.timeout(PART_MS);
      const response = await fetch(url, {
        method: "PUT",
        headers,
        body,
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      const etag = response.headers.get("etag");
      const text = await response.text();
      if (response.ok && etag !== null) return etag;
      found = `S3 answered ${response.status} ${text.slice(0, 200)}`;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Deno.errors.NotCapable) throw error;
      found = messageOf(error);
    }
    if (tries === TRIES) throw failed(cannot, found, new URL(url).origin);
    await pause(backoffMs(tries - 1), signal);
  }
}

const PART_MS = 5 * 60_000;

function failed(cannot: string, found: string, url: string): DependencyError {
  return new DependencyError({
    code: "mlflow.upload-failed",
    cannot,
    found: `${url}: ${found}`,
    todo: "Check that this machine reaches the server's S3, or unset " +
      "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD so that the server passes the file on",
    place: { url },
  });
}
