/**
 * How to reach a cluster, and a kafkajs client that does.
 *
 * kafkajs is imported when a client is made: it reads the environment when it is loaded, and only
 * publishing to Kafka should pay for it.
 *
 * @module
 */
import type { Kafka, KafkaConfig, LogEntry } from "kafkajs";
import { messageOf, UsageError } from "../errors.ts";
import type { Log } from "../log.ts";
import { isRefusal } from "./failures.ts";
import { mendRequestQueue } from "./request_queue.ts";

/** How clients and brokers talk. */
export type SecurityProtocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

/** How clients authenticate. */
export type SaslMechanism = "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";

/** A cluster, and who we are there. */
export interface KafkaConnection {
  /** `host:port`, separated by commas. */
  readonly bootstrapServers: string;
  /** `PLAINTEXT` unless told. */
  readonly securityProtocol?: SecurityProtocol;
  /** Required by the SASL protocols. */
  readonly sasl?: {
    /** How. */
    readonly mechanism: SaslMechanism;
    /** Who. */
    readonly username: string;
    /** Never logged. */
    readonly password: string;
  };
  /** PEM file of the authority that signed the brokers' certificates; the system's unless told. */
  readonly caFile?: string;
  /** Shown in the brokers' logs and quotas. */
  readonly clientId?: string;
}

/** A client. */
export interface KafkaClient {
  readonly kafka: Kafka;
  /** What it was made of. */
  readonly connection: KafkaConnection;
  /** Why a broker last refused something; kafkajs hides it from callers who ask for a coordinator. */
  readonly refusal: () => Error | undefined;
  /** Why the last connection failed; kafkajs tells it only once it has tried often enough. */
  readonly trouble: () => Error | undefined;
}

/** Makes a client; nothing is sent yet. @throws {UsageError} `kafka.…` */
export async function openKafka(connection: KafkaConnection, log: Log): Promise<KafkaClient> {
  const brokers = brokersOf(connection);
  const { securityProtocol = "PLAINTEXT", clientId = "ml-pipelines" } = connection;
  const config: KafkaConfig = {
    brokers,
    clientId,
    ...(securityProtocol.endsWith("SSL") ? { ssl: await tls(connection) } : {}),
    ...(securityProtocol.startsWith("SASL") ? { sasl: credentials(connection) } : {}),
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 20_000,
    retry: { initialRetryTime: 100, multiplier: 2, maxRetryTime: 2_000, retries: 8 },
  };
  const { Kafka, logLevel } = await import("kafkajs");
  await mendRequestQueue();
  let refusal: Error | undefined;
  let trouble: Error | undefined;
  const kafka = new Kafka({
    ...config,
    logLevel: logLevel.DEBUG,
    logCreator: () => ({ namespace, level, log: { message, error, broker } }: LogEntry) => {
      if (error instanceof Error && isRefusal(error)) refusal = error;
      if (namespace === "Connection" && level === logLevel.ERROR) trouble = new Error(message);
      // All at debug: what fails for good is reported by us, once and in the house form.
      const source = `kafkajs ${namespace}`.trim();
      log.debug(message, { source, error: error && messageOf(error), broker });
    },
  });
  return { kafka, connection, refusal: () => refusal, trouble: () => trouble };
}

function brokersOf({ bootstrapServers }: KafkaConnection): string[] {
  const brokers = bootstrapServers.split(",").map((server) => server.trim());
  const wrong = brokers.find((broker) => !/^[A-Za-z0-9._-]+:\d{1,5}$/.test(broker));
  if (wrong === undefined) return brokers;
  throw new UsageError({
    code: "kafka.bootstrap-servers",
    cannot: "connect to Kafka",
    found: `the bootstrap servers contain '${wrong}'`,
    todo: "Give HOST:PORT, separated by commas",
    place: { option: "--kafka-bootstrap-servers" },
  });
}

type Sasl = NonNullable<KafkaConfig["sasl"]>;

function credentials({ securityProtocol, sasl }: KafkaConnection): Sasl {
  if (sasl === undefined || sasl.username === "" || sasl.password === "") {
    throw new UsageError({
      code: "kafka.credentials-missing",
      cannot: "connect to Kafka",
      found: `the security protocol is ${securityProtocol}, but user name or password is missing`,
      todo: "Set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD",
      place: { option: "--kafka-security-protocol" },
    });
  }
  const { username, password } = sasl;
  switch (sasl.mechanism) {
    case "PLAIN":
      return { mechanism: "plain", username, password };
    case "SCRAM-SHA-256":
      return { mechanism: "scram-sha-256", username, password };
    case "SCRAM-SHA-512":
      return { mechanism: "scram-sha-512", username, password };
  }
}

async function tls({ caFile }: KafkaConnection): Promise<true | { ca: string[] }> {
  if (caFile === undefined) return true;
  try {
    return { ca: [await Deno.readTextFile(caFile)] };
  } catch (error) {
    throw new UsageError({
      code: "kafka.ca-unreadable",
      cannot: "connect to Kafka",
      found: `${caFile}: ${messageOf(error)}`,
      todo: "Name a readable PEM file",
      place: { option: "--kafka-ca-file", file: caFile },
      cause: error,
    });
  }
}
