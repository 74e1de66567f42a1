/**
 * The client of S3.
 *
 * @module
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { messageOf } from "../errors.ts";
import { VERSION } from "../version.ts";

type Connected = Awaited<ReturnType<typeof open>>;

let opened: Promise<Connected> | undefined;

/** One client for the process. */
export function connect(): Promise<Connected> {
  return opened ??= open();
}

/** The SDK is imported late: it costs a tenth of a second, and reads the environment. */
async function open() {
  const sdk = await import("@aws-sdk/client-s3");
  const { env } = Deno;
  const client: S3Client = new sdk.S3Client({
    region: env.get("AWS_REGION") || env.get("AWS_DEFAULT_REGION") || "us-east-1",
    followRegionRedirects: true,
    // Stand-ins for S3 have no host per bucket.
    forcePathStyle: Boolean(env.get("AWS_ENDPOINT_URL_S3") || env.get("AWS_ENDPOINT_URL")),
    maxAttempts: 5,
    requestHandler: await fetchHandler(),
    // The default one names the kernel's release, for which it would need a permission.
    defaultUserAgentProvider: () => Promise.resolve([["ml-pipelines", VERSION]]),
  });
  return { ...sdk, client };
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
