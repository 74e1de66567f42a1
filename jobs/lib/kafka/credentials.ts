/**
 * Who we are for the brokers, in kafkajs's words.
 *
 * @module
 */
import type { SASLOptions } from "kafkajs";
import { UsageError } from "../errors.ts";
import type { KafkaConnection } from "./connection.ts";
import { iamToken, regionOf } from "./iam.ts";

/** How clients authenticate. `AWS_MSK_IAM` is OAUTHBEARER with a token signed by AWS credentials. */
export type SaslMechanism =
  | "PLAIN"
  | "SCRAM-SHA-256"
  | "SCRAM-SHA-512"
  | "OAUTHBEARER"
  | "AWS_MSK_IAM";

/** How kafkajs wants to be told. */
export type Sasl = SASLOptions;

/**
 * The credentials of a connection. Tokens are made when they are wanted, which is at each connection
 * and before the broker ends the session.
 *
 * @throws {UsageError} `kafka.credentials-missing`, `kafka.no-region`
 */
export function credentials(connection: KafkaConnection): Sasl {
  const { sasl } = connection;
  switch (sasl?.mechanism) {
    case "PLAIN":
      return { mechanism: "plain", ...named(connection) };
    case "SCRAM-SHA-256":
      return { mechanism: "scram-sha-256", ...named(connection) };
    case "SCRAM-SHA-512":
      return { mechanism: "scram-sha-512", ...named(connection) };
    case "OAUTHBEARER": {
      const { token } = sasl;
      if (token === undefined) throw missing(connection, "there is nothing that makes tokens");
      return bearer(token);
    }
    case "AWS_MSK_IAM": {
      const region = regionOf(connection.bootstrapServers);
      return bearer(() => iamToken(region));
    }
    case undefined:
      throw missing(connection, "user name and password are missing");
  }
}

function bearer(token: () => Promise<string>): Sasl {
  return { mechanism: "oauthbearer", oauthBearerProvider: async () => ({ value: await token() }) };
}

function named(connection: KafkaConnection): { username: string; password: string } {
  const { username = "", password = "" } = connection.sasl ?? {};
  if (username !== "" && password !== "") return { username, password };
  throw missing(connection, "user name or password is missing");
}

function missing({ securityProtocol }: KafkaConnection, what: string): UsageError {
  return new UsageError({
    code: "kafka.credentials-missing",
    cannot: "connect to Kafka",
    found: `the security protocol is ${securityProtocol}, but ${what}`,
    todo:
      "Set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, or name the secret that holds them by " +
      "--kafka-secret-arn",
    place: { option: "--kafka-security-protocol" },
  });
}
