/**
 * What every client of the AWS SDK is made with here.
 *
 * @module
 */
import type { FetchHttpHandler } from "@smithy/fetch-http-handler";
import { messageOf } from "./errors.ts";
import { VERSION } from "./version.ts";

/** Options for the constructor of any client of the SDK. */
export interface AwsClientOptions {
  /**
   * How a request is sent.
   *
   * @internal
   */
  readonly requestHandler: FetchHttpHandler;
  /** What the server is told of us. */
  readonly defaultUserAgentProvider: () => Promise<[string, string][]>;
}

/**
 * Options for a client of the SDK, which is loaded late: it costs a tenth of a second, and reads the
 * environment.
 *
 * Requests go by fetch: the SDK's default is `node:http`, whose second request on a connection that is
 * kept alive is never answered under Deno 2.6. The default user agent names the kernel's release, for
 * which it would need a permission.
 *
 * @param timeoutMs for one request
 */
export async function awsClientOptions(timeoutMs = 20_000): Promise<AwsClientOptions> {
  const { FetchHttpHandler } = await import("@smithy/fetch-http-handler");
  type Handle = InstanceType<typeof FetchHttpHandler>["handle"];
  const requestHandler = new (class extends FetchHttpHandler {
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
  })({ requestTimeout: timeoutMs });
  return {
    requestHandler,
    defaultUserAgentProvider: () => Promise.resolve([["ml-pipelines", VERSION]]),
  };
}
