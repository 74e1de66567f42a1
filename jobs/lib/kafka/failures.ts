/**
 * What kafkajs's and the broker's errors mean for us.
 *
 * @module
 */
import { DependencyError, messageOf, PlatformError } from "../errors.ts";
import type { KafkaClient } from "./client.ts";
import { NoCredentialsError } from "./iam.ts";

/** What was being done, for the message. */
export interface Attempted {
  /** Continues "Cannot ". */
  readonly cannot: string;
  /** Who was asked. */
  readonly client: Pick<KafkaClient, "connection"> & Partial<KafkaClient>;
  /** About which topic. */
  readonly topic?: string;
}

/**
 * The error to end with if trying again cannot help; undefined if it can.
 *
 * @see https://kafka.apache.org/protocol#protocol_error_codes
 */
export function permanentFailure(
  error: unknown,
  { cannot, client, topic }: Attempted,
): PlatformError | undefined {
  if (error instanceof PlatformError) return error;
  const hidden = rootOf(error).name === "KafkaJSGroupCoordinatorNotFound";
  const { name, type, message } = rootOf(hidden ? client.refusal?.() ?? error : error);
  const fail = (code: string, found: string, todo: string) =>
    new DependencyError({
      code,
      cannot,
      found,
      todo,
      place: { url: client.connection.bootstrapServers, ...(topic === undefined ? {} : { topic }) },
      cause: error,
    });
  if (REFUSED.test(type)) {
    return fail(
      "kafka.unauthorised",
      `the broker answered ${type}`,
      "Grant the user Write, Describe and Read on the topics, Write and Describe on the " +
        "transactional ids, Read and Describe on the groups, both with the prefix " +
        "ENVIRONMENT.PIPELINE.",
    );
  }
  // ILLEGAL_SASL_STATE is what comes of a token that was refused: kafkajs does not notice.
  if (
    name === "KafkaJSSASLAuthenticationError" || type === "SASL_AUTHENTICATION_FAILED" ||
    type === "ILLEGAL_SASL_STATE"
  ) {
    return fail(
      "kafka.unauthorised",
      `the broker did not accept the credentials (${message})`,
      "Check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and --kafka-sasl-mechanism",
    );
  }
  if (
    type === "UNSUPPORTED_SASL_MECHANISM" ||
    /requires SASL|SASL .* not (?:enabled|supported)/i.test(message)
  ) {
    return fail(
      "kafka.unauthorised",
      message,
      "Use a --kafka-sasl-mechanism that this listener of the broker offers",
    );
  }
  if (/certificate|UnknownIssuer|self.signed|NotValidForName/i.test(message)) {
    return fail(
      "kafka.tls",
      message,
      "Give the authority that signed the broker's certificate with --kafka-ca-file, and use the " +
        "host name that the certificate is for",
    );
  }
  if (type === "MESSAGE_TOO_LARGE" || type === "RECORD_LIST_TOO_LARGE") {
    return fail(
      "kafka.record-too-large",
      `the broker answered ${type}`,
      "Raise the topic's max.message.bytes",
    );
  }
  if (INVALID.has(type)) {
    return fail("kafka.refused", `the broker answered ${type} (${message})`, "Mend what it says");
  }
  return undefined;
}

const REFUSED = /_AUTHORIZATION_FAILED$/;

const INVALID: ReadonlySet<string> = new Set([
  "CORRUPT_MESSAGE",
  "INVALID_CONFIG",
  "INVALID_PARTITIONS",
  "INVALID_RECORD",
  "INVALID_REPLICATION_FACTOR",
  "INVALID_REQUEST",
  "INVALID_REQUIRED_ACKS",
  "INVALID_TIMESTAMP",
  "INVALID_TOPIC_EXCEPTION",
  "INVALID_TRANSACTION_TIMEOUT",
  "OFFSET_METADATA_TOO_LARGE",
  "POLICY_VIOLATION",
  "UNSUPPORTED_FOR_MESSAGE_FORMAT",
  "UNSUPPORTED_VERSION",
]);

/** The error to end with when the brokers cannot be reached, or there is nothing to sign in with. */
export function unreachable(error: unknown, { cannot, client }: Attempted): PlatformError {
  const { bootstrapServers, securityProtocol = "PLAINTEXT" } = client.connection;
  if (innermost(error) instanceof NoCredentialsError) {
    return new DependencyError({
      code: "kafka.no-credentials",
      cannot,
      found: `AWS_MSK_IAM needs AWS credentials (${messageOf(innermost(error))})`,
      todo:
        "Give the job a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE",
      place: { url: bootstrapServers, option: "--kafka-sasl-mechanism" },
      cause: error,
    });
  }
  return new DependencyError({
    code: "kafka.unreachable",
    cannot,
    found: `no broker answered at ${bootstrapServers} (${rootOf(error).message})`,
    todo:
      "Check that it runs, that the address is right, and that --kafka-security-protocol (now " +
      `${securityProtocol}) is what its listener expects`,
    place: { url: bootstrapServers },
    cause: error,
  });
}

/** True if a broker said that we may not. */
export function isRefusal(error: unknown): boolean {
  return REFUSED.test(brokerErrorType(error));
}

/** The broker's word for an error, such as `CONCURRENT_TRANSACTIONS`; empty if it has none. */
export function brokerErrorType(error: unknown): string {
  return rootOf(error).type;
}

/** kafkajs wraps errors in errors about retries; the innermost says what happened. */
function innermost(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root;
}

function rootOf(error: unknown): { name: string; type: string; message: string } {
  const root = innermost(error);
  const name = root instanceof Error ? root.name : "";
  const type = root instanceof Error && "type" in root ? String(root.type ?? "") : "";
  return { name, type, message: messageOf(root) };
}
