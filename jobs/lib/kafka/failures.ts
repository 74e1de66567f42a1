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
  const root = rootOf(hidden ? client.refusal?.() ?? error : error);
  const failure = PERMANENT.find(({ is }) => is(root));
  if (failure === undefined) return undefined;
  return new DependencyError({
    code: failure.code,
    cannot,
    found: failure.found(root),
    todo: failure.todo,
    place: { url: client.connection.bootstrapServers, ...(topic === undefined ? {} : { topic }) },
    cause: error,
  });
}

/** What trying again does not mend. */
interface Permanent {
  readonly code: string;
  readonly is: (root: Root) => boolean;
  readonly found: (root: Root) => string;
  readonly todo: string;
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

/** The first that fits counts. */
const PERMANENT: readonly Permanent[] = [
  {
    code: "kafka.unauthorised",
    is: ({ type }) => REFUSED.test(type),
    found: ({ type }) => `the broker answered ${type}`,
    todo: "Grant the user Write, Describe and Read on the topics, Write and Describe on the " +
      "transactional ids, Read and Describe on the groups, both with the prefix " +
      "ENVIRONMENT.PIPELINE.",
  },
  {
    code: "kafka.unauthorised",
    // ILLEGAL_SASL_STATE is what comes of a token that was refused: kafkajs does not notice.
    is: ({ name, type }) =>
      name === "KafkaJSSASLAuthenticationError" || type === "SASL_AUTHENTICATION_FAILED" ||
      type === "ILLEGAL_SASL_STATE",
    found: ({ message }) => `the broker did not accept the credentials (${message})`,
    todo: "Check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and --kafka-sasl-mechanism",
  },
  {
    code: "kafka.unauthorised",
    is: ({ type, message }) =>
      type === "UNSUPPORTED_SASL_MECHANISM" ||
      /requires SASL|SASL .* not (?:enabled|supported)/i.test(message),
    found: ({ message }) => message,
    todo: "Use a --kafka-sasl-mechanism that this listener of the broker offers",
  },
  {
    code: "kafka.tls",
    is: ({ message }) => /certificate|UnknownIssuer|self.signed|NotValidForName/i.test(message),
    found: ({ message }) => message,
    todo: "Give the authority that signed the broker's certificate with --kafka-ca-file, and use " +
      "the host name that the certificate is for",
  },
  {
    code: "kafka.record-too-large",
    is: ({ type }) => type === "MESSAGE_TOO_LARGE" || type === "RECORD_LIST_TOO_LARGE",
    found: ({ type }) => `the broker answered ${type}`,
    todo: "Raise the topic's max.message.bytes",
  },
  {
    code: "kafka.transaction-hanging",
    // The session has waited for it, after the transactional id was taken.
    is: ({ type }) => type === "UNSTABLE_OFFSET_COMMIT",
    found: () =>
      "the brokers have neither committed nor aborted an earlier transaction of the run " +
      "(UNSTABLE_OFFSET_COMMIT), but say that it is over",
    todo: "Abort it with Kafka's own tool, then run the same command again: docs/publishing.md, " +
      '"A transaction that hangs"',
  },
  {
    code: "kafka.refused",
    is: ({ type }) => INVALID.has(type),
    found: ({ type, message }) => `the broker answered ${type} (${message})`,
    todo: "Mend what it says",
  },
];

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

/** What the innermost error says. */
interface Root {
  readonly name: string;
  /** The broker's word, if it is a broker's. */
  readonly type: string;
  readonly message: string;
}

function rootOf(error: unknown): Root {
  const root = innermost(error);
  const name = root instanceof Error ? root.name : "";
  const type = root instanceof Error && "type" in root ? String(root.type ?? "") : "";
  return { name, type, message: messageOf(root) };
}
