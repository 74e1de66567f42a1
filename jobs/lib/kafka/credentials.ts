/**
 * Who we are for the brokers, in kafkajs's words.
 *
 * @module
 */
import type { SASLOptions } from "kafkajs";
import { UsageError } from "../errors.ts";
import type { KafkaConnection } from "./client.ts";
import { iamToken, regionOf } from "./iam.ts";
import { readSecret } from "./secret.ts";

/** How kafkajs wants to be told. */
export type Sasl = SASLOptions;

/** Mechanisms with a user name and a password, as kafkajs calls them. */
const NAMED = {
  "PLAIN": "plain",
  "SCRAM-SHA-256": "scram-sha-256",
  "SCRAM-SHA-512": "scram-sha-512",
} as const;

/**
 * The credentials of a connection. Tokens are made when they are wanted, which is at each connection
 * and before the broker ends the session.
 *
 * @throws {UsageError} `kafka.credentials-missing`, `kafka.no-region`
 * @throws {DependencyError} `kafka.secret`
 */
export async function credentials(connection: KafkaConnection): Promise<Sasl> {
  const { sasl } = connection;
  if (sasl === undefined) throw missing(connection, "user name and password are missing");
  switch (sasl.mechanism) {
    case "OAUTHBEARER": {
      const { token } = sasl;
      if (token === undefined) throw missing(connection, "there is nothing that makes tokens");
      return bearer(token);
    }
    case "AWS_MSK_IAM": {
      const region = regionOf(connection.bootstrapServers);
      return bearer(() => iamToken(region));
    }
    default: {
      const { username, password } = sasl.secretArn === undefined
        ? sasl
        : await readSecret(sasl.secretArn);
      if (username === "" || password === "") {
        throw missing(connection, "user name or password is missing");
      }
      return { mechanism: NAMED[sasl.mechanism], username, password };
    }
  }
}

function bearer(token: () => Promise<string>): Sasl {
  return { mechanism: "oauthbearer", oauthBearerProvider: async () => ({ value: await token() }) };
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
