/**
 * The options of the commands that look at Kafka.
 *
 * @module
 */

import { flag, integer, type Options, text } from "../lib/config.ts";
import { createTopicsOptions as topicsOptions, kafkaOptions } from "./options.ts";
import { runOptions } from "./run_options.ts";

const { environment, pipeline } = runOptions;

const connection = {
  ...kafkaOptions,
  kafkaBootstrapServers: {
    ...kafkaOptions.kafkaBootstrapServers,
    about: "Kafka brokers, separated by commas",
    required: true,
  },
} satisfies Options;

const json = {
  about: "The summary as JSON on a terminal too",
  hint: "",
  parse: flag(),
  fallback: "false",
} as const;

/** `inference check-kafka`. */
export const checkKafkaOptions = {
  ...connection,
  environment,
  pipeline,
  timeout: {
    about: "Seconds for all steps together",
    hint: "SECONDS",
    parse: integer(1, 600),
    fallback: "30",
  },
  json,
} satisfies Options;

/** `inference monitor`. */
export const monitorOptions = {
  ...connection,
  interval: {
    about: "Time over which speeds are taken, like 2s or 1m",
    hint: "TIME",
    parse: interval,
    fallback: "2s",
  },
  watch: {
    about: "Again and again until Ctrl-C: drawn over on a terminal, a line of JSON each elsewhere",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  json,
} satisfies Options;

/** `inference create-topics`. */
export const createTopicsOptions = {
  ...topicsOptions,
  dryRun: {
    about: "Tell which topics would be made, and make none",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  environment,
  pipeline,
  producerPrincipal: {
    about: "Whom Kafka's ACLs are to let score",
    hint: "PRINCIPAL",
    parse: text(),
    fallback: "User:scorer",
  },
  consumerPrincipal: {
    about: "Whom Kafka's ACLs are to let read",
    hint: "PRINCIPAL",
    parse: text(),
    fallback: "User:consumer",
  },
  consumerGroups: {
    about: "What the names of the consumers' groups begin with; the output topic unless told",
    hint: "PREFIX",
    parse: text(),
  },
  mskClusterArn: {
    about: "The cluster in the IAM policies, for MSK",
    hint: "ARN",
    parse: clusterArn,
    fallback: "arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID",
  },
  json,
} satisfies Options;

/** Milliseconds. */
function interval(value: string): number {
  const [, count = "", unit] = /^(\d{1,4})(s|m)$/.exec(value) ?? [];
  const milliseconds = Number(count) * (unit === "m" ? 60_000 : 1_000);
  if (milliseconds === 0) throw new Error("it must be like 2s or 1m");
  return milliseconds;
}

function clusterArn(value: string): string {
  if (!/^arn:aws[a-z-]*:kafka:[^:\s]+:[^:\s]+:cluster\/[^/\s]+\/[^/\s]+$/.test(value)) {
    throw new Error("it must be like arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID");
  }
  return value;
}
