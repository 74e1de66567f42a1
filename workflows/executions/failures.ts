/**
 * What errors of AWS's API mean, and what is done about them.
 *
 * @module
 */
import { DependencyError, messageOf, PlatformError, UsageError } from "../../jobs/lib/errors.ts";

/** What was being done. */
export interface Attempted {
  /** `sagemaker`, `logs`: the first part of IAM's actions. */
  readonly service: string;
  /** The call. */
  readonly action: string;
  /** What for, continuing "Cannot ". */
  readonly purpose: string;
}

/** The error to end with; what is a bug, such as a permission that the process lacks, as it is. */
export function explain(error: unknown, attempted: Attempted): unknown {
  if (error instanceof PlatformError || error instanceof Deno.errors.NotCapable) return error;
  // One that an abort signal threw has its reason elsewhere.
  if (error instanceof Error && error.name === "AbortError") return error;
  const { service, action, purpose } = attempted;
  const name = error instanceof Error ? error.name : "";
  const message = messageOf(error) || name;
  const complain = (code: string, found: string, todo: string) => {
    return { code, cannot: purpose, found, todo, cause: error };
  };
  if (name === "CredentialsProviderError" || /could not load credentials/i.test(message)) {
    return new DependencyError(complain(
      "aws.no-credentials",
      `there are no AWS credentials (${message})`,
      "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with aws sso login",
    ));
  }
  if (/region is missing/i.test(message)) {
    return new UsageError(complain("aws.no-region", "no AWS region is set", "Set AWS_REGION"));
  }
  if (EXPIRED.test(name)) {
    return new DependencyError(complain(
      "aws.credentials-expired",
      `the AWS credentials have expired (${message})`,
      "Sign in again, such as with aws sso login, and run the same command again",
    ));
  }
  if (UNKNOWN.test(name)) {
    return new DependencyError(complain(
      "aws.credentials-refused",
      `AWS does not know the credentials (${name}: ${message})`,
      "Check AWS_PROFILE, or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and the " +
        "machine's clock",
    ));
  }
  if (DENIED.test(name)) {
    const missing = /perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? `${service}:${action}`;
    const resource = /on resource: (\S+)/.exec(message)?.[1];
    return new DependencyError(complain(
      "aws.denied",
      `AWS denied it (${message})`,
      `Allow this identity ${missing}${resource === undefined ? "" : ` on ${resource}`}`,
    ));
  }
  if (THROTTLED.test(name)) {
    return new DependencyError(complain(
      "aws.throttled",
      `AWS gets too many calls, also after several attempts (${message})`,
      "Wait a minute and run the same command again; it does nothing twice",
    ));
  }
  if (name === "ResourceLimitExceeded" || name === "ServiceQuotaExceededException") {
    return new DependencyError(complain(
      "aws.quota",
      `a quota of the account is reached (${message})`,
      "Wait for other executions to end, or have the quota raised in the Service Quotas console",
    ));
  }
  const missing = name === "ResourceNotFound" || name === "ResourceNotFoundException" ||
    (name === "ValidationException" && /does not exist|could not find|not found/i.test(message));
  if (missing) {
    return new UsageError(complain(
      "aws.not-found",
      message,
      "Check the name, the environment, AWS_REGION and the account",
    ));
  }
  if (name === "ConflictException") {
    return new UsageError(complain(
      "aws.conflict",
      message,
      "Look at its status; one slot starts once, and what runs cannot be started again",
    ));
  }
  if (name === "ValidationException") {
    return new UsageError(complain("aws.refused", message, "Mend what AWS names"));
  }
  const status = statusOf(error);
  if (status === undefined || status >= 500) {
    const answer = status === undefined ? "AWS did not answer" : `AWS answered ${status}`;
    return new DependencyError(complain(
      "aws.unreachable",
      `${answer} (${message})`,
      "Check the network and AWS_REGION, then run the same command again",
    ));
  }
  return new DependencyError(
    complain("aws.failed", `AWS answered ${status} (${name}: ${message})`, "Mend what it says"),
  );
}

const EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/;
const UNKNOWN =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|MissingAuthenticationToken(Exception)?|IncompleteSignature(Exception)?)$/;
const DENIED = /^(AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError)$/;
const THROTTLED =
  /^(Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/;

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const status = "httpStatusCode" in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === "number" ? status : undefined;
}
