/**
 * Tokens for Amazon MSK's IAM access control: a presigned request, sent as an OAUTHBEARER token.
 *
 * The signer and AWS's credential chain are imported when the first token is wanted; the chain looks
 * at the environment (`AWS_…`, `HOME`) and, in SageMaker, at the container's credentials endpoint.
 *
 * @see https://github.com/aws/aws-msk-iam-sasl-signer-js
 *
 * @module
 */
import { messageOf, UsageError } from "../errors.ts";

/** The region of a cluster, which MSK's host names tell; otherwise `AWS_REGION`. */
export function regionOf(bootstrapServers: string): string {
  const [, named] =
    /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com/.exec(bootstrapServers) ??
      [];
  const region = named ?? Deno.env.get("AWS_REGION") ?? Deno.env.get("AWS_DEFAULT_REGION");
  if (region !== undefined) return region;
  throw new UsageError({
    code: "kafka.no-region",
    cannot: "sign in to Kafka with AWS_MSK_IAM",
    found: `${bootstrapServers} does not tell the AWS region`,
    todo: "Set AWS_REGION",
    place: { option: "--kafka-sasl-mechanism" },
  });
}

/**
 * There was nothing to sign a token with. No {@linkcode UsageError}: in the middle of a run the endpoint
 * that gives the credentials may be away for a moment.
 */
export class NoCredentialsError extends Error {}

/**
 * A token of the process's AWS credentials; it lasts 15 minutes.
 *
 * @throws {NoCredentialsError} if there are none
 */
export async function iamToken(region: string): Promise<string> {
  // By its default, all that a bundle keeps of a CommonJS module that is imported late.
  const { default: { generateAuthToken } } = await import("aws-msk-iam-sasl-signer-js");
  try {
    const { token } = await generateAuthToken({ region });
    return token;
  } catch (error) {
    throw new NoCredentialsError(messageOf(error));
  }
}
