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
  if (name === "InvalidRequest" && /server side encryption/i.test(message)) {
    return fail(
      "storage.customer-key",
      `${uri} is encrypted with a key of the one who wrote it (SSE-C)`,
      "Write it with SSE-KMS or SSE-S3, which need no key in the request",
    );
  }
  const status = statusOf(error);
  if (status === 403 && /kms/i.test(message)) {
    return fail(
      "storage.denied",
      `AWS denied the key of ${uri} (${name}: ${message})`,
      `Allow the role ${action === "s3:PutObject" ? "kms:GenerateDataKey" : "kms:Decrypt"} on it`,
    );
  }
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

/** Attempts at a request whose answer broke in the middle. */
const ATTEMPTS = 4;

/** Asks again where the answer broke off: the SDK does so only until the answer begins. */
export async function repeated<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await request();
    } catch (error) {
      const status = statusOf(error);
      const broken = status === undefined || status === 200 || status === 206;
      const hopeless = error instanceof Error && error.name === "CredentialsProviderError";
      if (!broken || hopeless || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt * Math.random()));
    }
  }
}

/** The HTTP status of an answer of S3; undefined if there was none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null) return undefined;
  if (!("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
