/**
 * How to reach a cluster, and a kafkajs client that does.
 *
 * kafkajs is imported when a client is made: it reads the environment when it is loaded, and only
 * publishing to Kafka should pay for it.
 *
 * @module
 */
import type { LogEntry } from "kafkajs";
import { messageOf, UsageError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { KafkaClient, KafkaConnection } from "./client.ts";
import { credentials, type Sasl } from "./credentials.ts";
import { isRefusal } from "./failures.ts";
import { mendRequestQueue } from "./request_queue.ts";

/** What a connection is made of, in kafkajs's words. */
export interface ConnectionSettings {
  /** `host:port` of each bootstrap server. */
  readonly brokers: readonly string[];
  /** See {@linkcode KafkaConnection.clientId}. */
  readonly clientId: string;
  /** TLS with the system's authorities (`true`) or with these; undefined for none. */
  readonly ssl: true | { readonly ca: string[] } | undefined;
  /** How to authenticate; undefined if the listener does not want it. */
  readonly sasl: Sasl | undefined;
}

/**
 * Reads what a connection refers to.
 *
 * @throws {UsageError} `kafka.…`
 * @throws {DependencyError} `kafka.secret`
 */
export async function connectionSettings(connection: KafkaConnection): Promise<ConnectionSettings> {
  const brokers = brokersOf(connection);
  const { securityProtocol = "PLAINTEXT", clientId = "ml-pipelines" } = connection;
  return {
    brokers,
    clientId,
    ssl: securityProtocol.endsWith("SSL") ? await tls(connection) : undefined,
    sasl: securityProtocol.startsWith("SASL") ? await credentials(connection) : undefined,
  };
}

/** Makes a client; nothing is sent yet. @throws {UsageError} `kafka.…` */
export async function openKafka(connection: KafkaConnection, log: Log): Promise<KafkaClient> {
  const { brokers, clientId, ssl, sasl } = await connectionSettings(connection);
  // By its default, all that a bundle keeps of a CommonJS module that is imported late.
  const { default: { Kafka, logLevel } } = await import("kafkajs");
  await mendRequestQueue();
  let refusal: Error | undefined;
  let trouble: Error | undefined;
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 20_000,
    retry: { initialRetryTime: 100, multiplier: 2, maxRetryTime: 2_000, retries: 8 },
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
  const wrong = brokers.find((broker) => {
    const [, port] = /^[A-Za-z0-9._-]+:(\d{1,5})$/.exec(broker) ?? [];
    return port === undefined || Number(port) < 1 || Number(port) > 65_535;
  });
  if (wrong === undefined) return brokers;
  throw new UsageError({
    code: "kafka.bootstrap-servers",
    cannot: "connect to Kafka",
    found: `the bootstrap servers contain '${wrong}'`,
    todo: "Give HOST:PORT, separated by commas",
    place: { option: "--kafka-bootstrap-servers" },
  });
}

async function tls({ caFile }: KafkaConnection): Promise<true | { ca: string[] }> {
  if (caFile === undefined) return true;
  try {
    const text = await Deno.readTextFile(caFile);
    if (!text.includes("-----BEGIN CERTIFICATE-----")) {
      throw new Error("there is no certificate in it");
    }
    return { ca: [text] };
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
