/**
 * The options of the inference commands.
 *
 * @module
 */

import { choice, flag, integer, type Options, text } from "../lib/config.ts";
import { trackingOptions } from "../lib/mlflow/mod.ts";

/** Where the broker is and how to get in. Secrets come from the environment only. */
export const kafkaOptions = {
  kafkaBootstrapServers: {
    about: "Kafka brokers, separated by commas; without them predictions go to files",
    hint: "HOST:PORT,…",
    parse: text(),
    env: "KAFKA_BOOTSTRAP_SERVERS",
  },
  kafkaOutputTopic: {
    about: "Topic of the predictions; .dead-letter and .runs stand beside it",
    hint: "TOPIC",
    parse: topic,
    env: "KAFKA_OUTPUT_TOPIC",
    fallback: "ml-predictions",
  },
  kafkaSecurityProtocol: {
    about: "How to talk to the brokers",
    hint: "PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL",
    parse: choice("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
    env: "KAFKA_SECURITY_PROTOCOL",
    fallback: "PLAINTEXT",
  },
  kafkaSaslMechanism: {
    about: "How to authenticate",
    hint: "PLAIN|SCRAM-SHA-256|SCRAM-SHA-512",
    parse: choice("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
    env: "KAFKA_SASL_MECHANISM",
    fallback: "SCRAM-SHA-512",
  },
  kafkaCaFile: {
    about: "Certificate authority of the brokers, PEM",
    hint: "FILE",
    parse: text(),
    env: "KAFKA_CA_FILE",
  },
  kafkaSaslUsername: {
    about: "User name at the brokers",
    hint: "",
    parse: text(),
    env: "KAFKA_SASL_USERNAME",
    secret: true,
  },
  kafkaSaslPassword: {
    about: "Password at the brokers",
    hint: "",
    parse: text(),
    env: "KAFKA_SASL_PASSWORD",
    secret: true,
  },
} satisfies Options;

/** `score`. */
export const scoreOptions = {
  data: { about: "Parquet file or folder to score", hint: "PATH", parse: text(), required: true },
  modelUri: {
    about:
      "models:/M@champion, models:/M/Production, models:/M/3, runs:/R/model, a folder, a .tar.gz",
    hint: "URI",
    parse: text(),
    required: true,
  },
  runId: {
    about: "Names the run; the same id resumes. The scheduled time unless told",
    hint: "ID",
    parse: runId,
  },
  supersedes: {
    about: "Run that this one replaces; it must be complete",
    hint: "ID",
    parse: runId,
  },
  scheduledTime: {
    about: "Nominal time of the run, ISO 8601; now unless told",
    hint: "TIME",
    parse: time,
  },
  runState: {
    about: "Folder of the runs' manifests",
    hint: "DIR",
    parse: text(),
    fallback: "./runs",
  },
  batchSize: {
    about: "Most rows in a transaction",
    hint: "N",
    parse: integer(1, 1_000_000),
    fallback: "10000",
  },
  keyColumn: {
    about: "Column of the message keys; the model's unless told",
    hint: "COLUMN",
    parse: text(),
  },
  allowEmpty: {
    about: "Data without a row completes the run instead of failing it",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  output: {
    about: "Folder of the predictions when no brokers are given",
    hint: "DIR",
    parse: text(),
    fallback: "./out/predictions",
  },
  environment: {
    about: "First part of transactional ids",
    hint: "NAME",
    parse: word,
    env: "ML_ENVIRONMENT",
    fallback: "local",
  },
  pipeline: {
    about: "Second part of transactional ids",
    hint: "NAME",
    parse: word,
    fallback: "inference",
  },
  ...kafkaOptions,
  ...trackingOptions,
} satisfies Options;

/** `inference create-topics`. */
export const createTopicsOptions = {
  ...kafkaOptions,
  kafkaBootstrapServers: { ...kafkaOptions.kafkaBootstrapServers, required: true },
  partitions: {
    about: "Partitions of the predictions and of the dead letters",
    hint: "N",
    parse: integer(1, 10_000),
    fallback: "6",
  },
  replicationFactor: {
    about: "Copies of each partition; -1 means the broker's default",
    hint: "N",
    parse: integer(-1, 100),
    fallback: "-1",
  },
} satisfies Options;

function topic(value: string): string {
  if (!/^[a-zA-Z0-9._-]{1,230}$/.test(value) || value === "." || value === "..") {
    throw new Error("it must be 1 to 230 letters, digits, '.', '_' or '-'");
  }
  return value;
}

function runId(value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/.test(value)) {
    throw new Error(
      "it must be 1 to 128 letters, digits, '.', '_', ':', '+' or '-', not starting with one of these",
    );
  }
  return value;
}

function word(value: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(value)) {
    throw new Error("it must be 1 to 64 letters, digits, '_' or '-'");
  }
  return value;
}

function time(value: string): Date {
  const parsed = new Date(value);
  if (Number.isNaN(parsed.getTime()) || !/^\d{4}-\d{2}-\d{2}(T|$)/.test(value)) {
    throw new Error("it must be a time like 2013-10-01T06:00:00Z");
  }
  return parsed;
}
