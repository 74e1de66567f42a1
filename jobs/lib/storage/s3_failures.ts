/**
 * What errors of S3 and its SDK mean for us.
 *
 * @module
 */
import { DependencyError, messageOf, PlatformError } from "../errors.ts";
import type { Purpose } from "./storage.ts";

/** What was being done. */
export interface Attempted extends Purpose {
  /** The bucket. */
  readonly bucket: string;
  /** The object or prefix. */
  readonly uri: string;
  /** The action that IAM has to allow. */
  readonly action: "s3:GetObject" | "s3:PutObject" | "s3:ListBucket";
}

/** The error to end with; what is a bug, such as a permission that the process lacks, as it is. */
export function explain(error: unknown, attempted: Attempted): unknown {
  const { bucket, uri, action, option, purpose } = attempted;
  if (error instanceof PlatformError || error instanceof Deno.errors.NotCapable) return error;
  const fail = (code: string, found: string, todo: string) =>
    new DependencyError({
      code,
      cannot: purpose,
      found,
      todo,
      place: { url: uri },
      cause: error,
    });
  const name = error instanceof Error ? error.name : "";
  const message = messageOf(error) || name;
  if (name === "CredentialsProviderError") {
    return fail(
      "storage.no-credentials",
      `there are no AWS credentials for ${uri} (${message})`,
      "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the job a role",
    );
  }
  if (UNKNOWN.has(name)) {
    return fail(
      "storage.credentials-refused",
      `AWS refused the credentials (${name}: ${message})`,
      "Sign in again, and check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN",
    );
  }
  if (name === "NoSuchBucket") {
    return fail(
      "storage.no-bucket",
      `there is no bucket ${bucket}`,
      `Correct ${option}, or create the bucket`,
    );
  }
  const status = statusOf(error);
  if (status === 403) {
    const resource = action === "s3:ListBucket" ? bucket : uri.slice("s3://".length);
    return fail(
      "storage.denied",
      `AWS denied it for ${uri} (${name}: ${message})`,
      `Allow the role ${action} on arn:aws:s3:::${resource}` +
        // Without it, S3 answers 403 for an object that is not there.
        (action === "s3:GetObject" ? ` and s3:ListBucket on arn:aws:s3:::${bucket}` : ""),
    );
  }
  if (status === undefined || status >= 500 || status === 429) {
    const answered = status === undefined
      ? `S3 did not answer for ${uri} (${message})`
      : `S3 answered ${status} for ${uri} (${name}: ${message})`;
    return fail(
      "storage.unreachable",
      answered,
      "Check the network, AWS_REGION and AWS_ENDPOINT_URL_S3, then run the same command again",
    );
  }
  return fail(
    "storage.refused",
    `S3 answered ${status} for ${uri} (${name}: ${message})`,
    "Mend what it says",
  );
}

const UNKNOWN: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  "RequestTimeTooSkewed",
]);

/** The HTTP status of an answer of S3; undefined if there was none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null) return undefined;
  if (!("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
