/**
 * SageMaker's API and CloudWatch's logs: one way to call them, and to say why they refuse.
 *
 * @module
 */
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { SageMaker } from "@aws-sdk/client-sagemaker";
import { type AwsClientOptions, awsClientOptions } from "../../jobs/lib/aws.ts";
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
export interface ClientOptions extends AwsClientOptions {
  /** Where, if that is told. */
  readonly region?: string;
  /** How often a call is tried. */
  readonly maxAttempts: number;
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
    ...await awsClientOptions(30_000),
  };
}
