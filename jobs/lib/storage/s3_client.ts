/**
 * The client of S3.
 *
 * @module
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { awsClientOptions } from "../aws.ts";

type Connected = Awaited<ReturnType<typeof open>>;

let opened: Promise<Connected> | undefined;

/** One client for the process. */
export function connect(): Promise<Connected> {
  return opened ??= open();
}

async function open() {
  const sdk = await import("@aws-sdk/client-s3");
  const { env } = Deno;
  const client: S3Client = new sdk.S3Client({
    region: env.get("AWS_REGION") || env.get("AWS_DEFAULT_REGION") || "us-east-1",
    followRegionRedirects: true,
    // Stand-ins for S3 have no host per bucket.
    forcePathStyle: Boolean(env.get("AWS_ENDPOINT_URL_S3") || env.get("AWS_ENDPOINT_URL")),
    maxAttempts: 5,
    ...await awsClientOptions(),
  });
  return { ...sdk, client };
}
