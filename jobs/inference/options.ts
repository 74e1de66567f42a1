/**
 * The options of the inference commands.
 *
 * @module
 */

import type { Context } from "../lib/command.ts";
import { choice, flag, integer, number, type Options, text } from "../lib/config.ts";
import { trackingOptions } from "../lib/mlflow/mod.ts";
import {
  deliveryOptions,
  inputOptions,
  runId,
  runOptions,
  runStateOptions,
  shardOptions,
} from "./run_options.ts";

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
    hint: "PLAIN|SCRAM-SHA-256|SCRAM-SHA-512|AWS_MSK_IAM",
    parse: choice("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "AWS_MSK_IAM"),
    env: "KAFKA_SASL_MECHANISM",
    fallback: "SCRAM-SHA-512",
  },
  kafkaSecretArn: {
    about: 'Secret of AWS Secrets Manager: {"username": …, "password": …}',
    hint: "ARN",
    parse: text(),
    env: "KAFKA_SECRET_ARN",
  },
  kafkaClientId: {
    about: "What brokers call us in their logs and quotas",
    hint: "NAME",
    parse: text(),
    env: "KAFKA_CLIENT_ID",
    fallback: "ml-pipelines",
  },
  kafkaCompression: {
    about: "How batches of messages are compressed",
    hint: "none|gzip|zstd",
    parse: choice("none", "gzip", "zstd"),
    env: "KAFKA_COMPRESSION",
    fallback: "none",
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

const cacheOptions = {
  modelCache: {
    about:
      "Folder where registered models are kept by their digest, so that they are downloaded once",
    hint: "DIR",
    parse: text(),
  },
} satisfies Options;

/** What rows and distributions do that are not as the model's baseline has them. */
const watchOptions = {
  onViolation: {
    about: "What a row does that breaks a rule of the model's constraints: fail stops before it, " +
      "quarantine makes it a dead letter; of a begun run what it was begun with, else warn",
    hint: "fail|warn|quarantine",
    parse: choice("fail", "warn", "quarantine"),
  },
  onDrift: {
    about: "warn: what has moved is reported once the run is complete; fail: nothing is scored " +
      "unless inference check has let the data pass",
    hint: "warn|fail",
    parse: choice("warn", "fail"),
    fallback: "warn",
  },
  driftThreshold: {
    about: "Population stability index above which a feature has moved (0.1 little, 0.25 much); " +
      "that of the constraints unless told, else 0.2",
    hint: "X",
    parse: number(0, 100),
  },
} satisfies Options;

/** Which model scores what in which run. */
const runScopeOptions = {
  ...inputOptions,
  modelUri: {
    about:
      "models:/M@champion, models:/M/Production, models:/M/3, runs:/R/model, a folder, a .tar.gz, s3://…",
    hint: "URI",
    parse: text(),
    required: true,
  },
  ...cacheOptions,
  keyColumn: {
    about: "Column of the message keys; the model's unless told",
    hint: "COLUMN",
    parse: text(),
  },
  ...runOptions,
  ...runStateOptions,
  ...trackingOptions,
} satisfies Options;

/** Where predictions go. */
export const sinkOptions = { ...kafkaOptions, output: deliveryOptions.output } satisfies Options;

/** `score`. */
export const scoreOptions = {
  ...runScopeOptions,
  ...watchOptions,
  ...shardOptions,
  ...deliveryOptions,
  ...kafkaOptions,
} satisfies Options;

/** `inference check`. */
export const checkOptions = {
  ...runScopeOptions,
  shards: {
    about: "How many processes are going to score the run",
    hint: "N",
    parse: integer(1, 1000),
    fallback: "1",
  },
  report: {
    about: "Folder of statistics.json, constraint_violations.json and check.json",
    hint: "DIR",
    parse: text(),
    fallback: "./out/check",
  },
  onViolation: {
    about:
      "What a broken constraint of the model's baseline does; quarantine: rows may break those " +
      "that rows are judged by one by one. What cannot be scored always fails",
    hint: "fail|warn|quarantine",
    parse: choice("fail", "warn", "quarantine"),
    fallback: "fail",
  },
  onDrift: {
    about: "What a feature does that has moved since training, or the predictions",
    hint: "warn|fail",
    parse: choice("warn", "fail"),
    fallback: "warn",
  },
  driftThreshold: watchOptions.driftThreshold,
  constraints: {
    about: "Constraints instead of the model's own baseline/constraints.json",
    hint: "FILE",
    parse: text(),
  },
  ...sinkOptions,
} satisfies Options;

const runOperand = { about: "The run's id", hint: "RUN", parse: runId, required: true } as const;

const jsonOption = {
  about: "The summary as JSON on a terminal too",
  hint: "",
  parse: flag(),
  fallback: "false",
} as const;

/** `inference runs list`. */
export const runsListOptions = {
  ...runStateOptions,
  limit: { about: "Most runs to list", hint: "N", parse: integer(1, 10_000), fallback: "20" },
  json: jsonOption,
} satisfies Options;

/** `inference runs show`. */
export const runsShowOptions = {
  run: runOperand,
  ...runStateOptions,
  json: jsonOption,
} satisfies Options;

/** `inference runs complete`. */
export const runsCompleteOptions = {
  runId: { ...runOptions.runId, about: "The run's id; the scheduled time unless told" },
  scheduledTime: runOptions.scheduledTime,
  driftThreshold: watchOptions.driftThreshold,
  ...runStateOptions,
  ...sinkOptions,
} satisfies Options;

/** `inference runs abandon`. */
export const runsAbandonOptions = {
  run: runOperand,
  reason: {
    about: "Why, for whoever looks at it later",
    hint: "TEXT",
    parse: text(),
    fallback: "no reason given",
  },
  ...runStateOptions,
} satisfies Options;

/** `inference runs replay`. */
export const replayOptions = {
  run: runOperand,
  runId: { ...runOptions.runId, about: "Names the new run; RUN.r2, RUN.r3, … unless told" },
  modelUri: { about: "Another model than the run's", hint: "URI", parse: text() },
  ...cacheOptions,
  ...watchOptions,
  ...shardOptions,
  ...runStateOptions,
  ...deliveryOptions,
  ...kafkaOptions,
  ...trackingOptions,
} satisfies Options;

/** What settling a run gets to work with, whichever command it is part of. */
export type RunContext = Omit<
  Context<typeof runScopeOptions & Pick<typeof watchOptions, "onViolation">>,
  "sources" | "printable"
>;

/** What scoring gets to work with, whichever command it is part of. */
export type ScoreContext = Omit<Context<typeof scoreOptions>, "sources" | "printable">;

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
