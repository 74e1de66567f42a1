/**
 * What an error in a step means, and what to do about it.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import type { KafkaConnection } from "../client.ts";
import { brokerErrorType } from "../failures.ts";
import type { Address } from "../protocol/cluster_requests.ts";
import type { Finding } from "./checklist.ts";
import { speaksTls } from "./tls.ts";

/** The steps, in order. */
export type StepName =
  | "dns"
  | "tcp"
  | "tls"
  | "authentication"
  | "metadata"
  | "topics"
  | "write"
  | "transactions"
  | "progress"
  | "latency";

/** Makes a finding of an error that ended a step. */
export async function explain(
  name: StepName,
  error: unknown,
  connection: KafkaConnection,
  servers: readonly Address[],
): Promise<Finding> {
  const type = brokerErrorType(error);
  const found = type === "" ? messageOf(error) : `the broker answered ${type}`;
  const fail = (remedy: string, what = found): Finding => ({
    verdict: "fail",
    found: what,
    remedy,
    ...(type === "" ? {} : { details: { broker_error: type } }),
  });
  switch (type) {
    case "TRANSACTIONAL_ID_AUTHORIZATION_FAILED":
      return fail(
        "Grant Write and Describe on the transactional ids with the prefix ENVIRONMENT.PIPELINE.: " +
          "deno task inference create-topics --dry-run prints the statement",
      );
    case "GROUP_AUTHORIZATION_FAILED":
      return fail(
        "Grant Read and Describe on the groups with the prefix ENVIRONMENT.PIPELINE.: deno task " +
          "inference create-topics --dry-run prints the statement",
      );
    case "TOPIC_AUTHORIZATION_FAILED":
      return fail("Grant Describe, Read and Write on the topics");
    case "INVALID_TRANSACTION_TIMEOUT":
      return fail("Raise the brokers' transaction.max.timeout.ms to 60000 or more");
    case "COORDINATOR_NOT_AVAILABLE":
      return fail(
        "Look after the brokers: the topic that keeps transactions or groups has no leader, or " +
          "needs more copies than there are brokers",
      );
  }
  if (name === "authentication") return fail(remedyOfRefusal(type, connection), messageOf(error));
  if (name === "metadata") {
    return fail(await remedyOfSilence(connection, servers, /clos|reset/i.test(found)));
  }
  return fail("Look after the brokers and their logs");
}

function remedyOfRefusal(
  type: string,
  { securityProtocol = "PLAINTEXT", sasl }: KafkaConnection,
): string {
  switch (type) {
    case "ILLEGAL_SASL_STATE":
      return "This listener wants no authentication: use --kafka-security-protocol " +
        (securityProtocol === "SASL_SSL" ? "SSL" : "PLAINTEXT") +
        ", or the port of another listener";
    case "UNSUPPORTED_SASL_MECHANISM":
      return "Use a --kafka-sasl-mechanism that this listener offers";
  }
  return sasl?.mechanism === "AWS_MSK_IAM"
    ? "Check that AWS credentials are there and that their role may kafka-cluster:Connect"
    : "Check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and --kafka-sasl-mechanism";
}

/** A listener that expects something else just hangs up, or waits. */
async function remedyOfSilence(
  { securityProtocol = "PLAINTEXT" }: KafkaConnection,
  servers: readonly Address[],
  hungUp: boolean,
): Promise<string> {
  const [server] = servers;
  const plain = !securityProtocol.endsWith("SSL");
  if (hungUp && plain && server !== undefined && await speaksTls(server)) {
    return "The listener speaks TLS: use --kafka-security-protocol SSL or SASL_SSL";
  }
  if (!securityProtocol.startsWith("SASL")) {
    return "The listener may want authentication: use --kafka-security-protocol " +
      (securityProtocol === "SSL" ? "SASL_SSL" : "SASL_PLAINTEXT");
  }
  return "Look after the brokers and their logs";
}
