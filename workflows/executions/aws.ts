/**
 * SageMaker's API and CloudWatch's logs: one way to call them, and to say why they refuse.
 *
 * @module
 */
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { SageMaker } from "@aws-sdk/client-sagemaker";
import type { FetchHttpHandler } from "@smithy/fetch-http-handler";
import { messageOf } from "../../jobs/lib/errors.ts";
import { VERSION } from "../../jobs/lib/version.ts";
import { explain } from "./failures.ts";

/** What can be asked of AWS. */
export interface Aws {
  /** Region of everything that is asked. */
  readonly region: string;
  /**
   * Calls SageMaker.
   *
   * @internal
   * @param action what IAM has to allow, without `sagemaker:`
   * @param purpose what it is for, continuing "Cannot "
   * @throws {DependencyError} `aws.…` when AWS refuses or does not answer
   * @throws {UsageError} `pipeline.not-found` and the like when what is asked for is not there
   */
  sagemaker<T>(
    action: string,
    purpose: string,
    call: (client: SageMaker) => Promise<T>,
  ): Promise<T>;
  /**
   * Calls CloudWatch Logs, likewise.
   *
   * @internal
   */
  logs<T>(
    action: string,
    purpose: string,
    call: (client: CloudWatchLogs) => Promise<T>,
  ): Promise<T>;
  /** Lets go of connections. */
  close(): void;
}

/** What a client of the SDK is made with. */
export interface ClientOptions {
  /** Where, if that is told. */
  readonly region?: string;
  /** How often a call is tried. */
  readonly maxAttempts: number;
  /**
   * How it is sent.
   *
   * @internal
   */
  readonly requestHandler: FetchHttpHandler;
  /** What the server is told of us. */
  readonly defaultUserAgentProvider: () => Promise<[string, string][]>;
}

/** Which AWS. */
export interface AwsOptions {
  /** Of `AWS_REGION`, or of the profile, unless told. */
  readonly region?: string | undefined;
}

/** Opens AWS with the credentials that its own tools would take. The SDK is loaded when first used. */
export async function openAws({ region }: AwsOptions = {}): Promise<Aws> {
  const { SageMaker } = await import("@aws-sdk/client-sagemaker");
  const options = await clientOptions(region);
  const sagemaker = new SageMaker(options);
  let logs: CloudWatchLogs | undefined;
  const settled = await attempt("sagemaker", "region", "find AWS", () => sagemaker.config.region());
  return {
    region: settled,
    sagemaker: (action, purpose, call) =>
      attempt("sagemaker", action, purpose, () => call(sagemaker)),
    logs: async (action, purpose, call) => {
      const { CloudWatchLogs } = await import("@aws-sdk/client-cloudwatch-logs");
      const client = logs ??= new CloudWatchLogs({ ...options, region: settled });
      return await attempt("logs", action, purpose, () => call(client));
    },
    close: () => {
      sagemaker.destroy();
      logs?.destroy();
    },
  };
}

async function attempt<T>(
  service: string,
  action: string,
  purpose: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explain(error, { service, action, purpose });
  }
}

/** Options that all clients of AWS have here. */
export async function clientOptions(region?: string): Promise<ClientOptions> {
  const { env } = Deno;
  const named = region || env.get("AWS_REGION") || env.get("AWS_DEFAULT_REGION");
  const attempts = Number(env.get("AWS_MAX_ATTEMPTS")) || 6;
  return {
    ...(named ? { region: named } : {}),
    maxAttempts: attempts,
    requestHandler: await fetchHandler(),
    // The default one names the kernel's release, for which it would need a permission.
    defaultUserAgentProvider: () =>
      Promise.resolve<[string, string][]>([["ml-pipelines", VERSION]]),
  };
}

/** The SDK's default, `node:http`, does not keep connections alive under Deno 2.6. */
async function fetchHandler() {
  const { FetchHttpHandler } = await import("@smithy/fetch-http-handler");
  type Handle = InstanceType<typeof FetchHttpHandler>["handle"];
  return new (class extends FetchHttpHandler {
    override async handle(...args: Parameters<Handle>): ReturnType<Handle> {
      try {
        return await super.handle(...args);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        const { cause = error } = error;
        throw Object.assign(new Error(messageOf(cause), { cause }), { name: "TimeoutError" });
      }
    }
  })({ requestTimeout: 30_000 });
}
