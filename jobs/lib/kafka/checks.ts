/**
 * Makes sure, before the first row, that a transaction can succeed.
 *
 * @module
 */
import { DependencyError } from "../errors.ts";
import type { Log } from "../log.ts";
import { BATCH_BYTES, LEAST_BATCH_BYTES } from "./batches.ts";
import type { Cluster } from "./cluster.ts";
import { pause } from "./patience.ts";
import { BrokerError, checkCode, CODES } from "./protocol/broker_error.ts";
import { describeTopics, type Metadata, type TopicMetadata } from "./protocol/cluster_requests.ts";
import { allows, isTold, type Operation } from "./protocol/operations.ts";
import type { KafkaConnection } from "./client.ts";
import type { Topics } from "./topics.ts";

/** What was found. */
export interface Checked {
  /** Identifies the cluster as long as it lives. */
  readonly clusterId: string;
  /** How many partitions the topics of predictions and dead letters have. */
  readonly partitions: Readonly<Record<string, number>>;
  /** Most bytes of a batch, by topic; only where a topic takes less than usual. */
  readonly batchBytes: ReadonlyMap<string, number>;
}

/**
 * Looks at the topics, and at what we may do with them.
 *
 * @throws {DependencyError} `kafka.topic-missing`, `kafka.unauthorised`, `kafka.not-enough-replicas`,
 *   `kafka.message-limit`
 */
export async function checkTopics(
  cluster: Cluster,
  connection: KafkaConnection,
  topics: Topics,
  log: Log,
): Promise<Checked> {
  const { predictions, deadLetters, runs } = topics;
  const names = [predictions, deadLetters, runs];
  const { clusterId, topics: found } = await metadataOf(cluster, names);
  refuseMissing(connection, topics, found);
  for (const topic of found) {
    // Progress is committed on the predictions and on the completed runs, which takes Read.
    const wanted = topic.name === deadLetters ? ["Write"] as const : ["Read", "Write"] as const;
    for (const operation of wanted) refuseWithout(operation, topic, connection);
  }
  const limits = await settingsOf(cluster, names, log);
  const batchBytes = new Map<string, number>();
  for (const topic of found) {
    const { inSync = 1, messageBytes } = limits.get(topic.name) ?? {};
    refuseTooFewReplicas(topic, inSync, connection, log);
    if (messageBytes === undefined || messageBytes >= BATCH_BYTES) continue;
    refuseTooSmall(topic.name, messageBytes, connection);
    batchBytes.set(topic.name, messageBytes);
  }
  const counts = found.filter(({ name }) => name !== runs)
    .map(({ name, partitions }) => [name, partitions.length]);
  return { clusterId, partitions: Object.fromEntries(counts), batchBytes };
}

/** A broker learns of a topic, and of who may see it, a moment after it was made. */
async function metadataOf(cluster: Cluster, names: readonly string[]): Promise<Metadata> {
  for (let attempt = 0;; attempt++) {
    const metadata = await cluster.metadata(names);
    if (
      attempt === MOMENTS ||
      metadata.topics.every(({ code }) => code !== CODES.UNKNOWN_TOPIC_OR_PARTITION)
    ) {
      return metadata;
    }
    await pause(attempt);
  }
}

/** Pauses before a topic counts as missing: one to four seconds in all. */
const MOMENTS = 5;

function refuseMissing(
  { bootstrapServers }: KafkaConnection,
  { predictions }: Topics,
  found: readonly TopicMetadata[],
): void {
  const missing = found.filter(({ code }) => code === CODES.UNKNOWN_TOPIC_OR_PARTITION).map((
    { name },
  ) => name);
  if (missing.length > 0) {
    throw new DependencyError({
      code: "kafka.topic-missing",
      cannot: "publish to Kafka",
      found:
        `${bootstrapServers} has no topic ${missing.join(", ")}, or does not show it to this ` +
        "user",
      todo: "Create them: deno task inference create-topics --kafka-bootstrap-servers " +
        `${bootstrapServers} --kafka-output-topic ${predictions} (and grant Describe)`,
      place: { url: bootstrapServers, topic: missing[0] ?? predictions },
    });
  }
  for (const { code, name } of found) {
    if (code !== CODES.LEADER_NOT_AVAILABLE) checkCode("Metadata", code, name);
  }
}

function refuseWithout(
  operation: Operation,
  { name, operations }: TopicMetadata,
  { bootstrapServers }: KafkaConnection,
): void {
  if (!isTold(operations) || allows(operations, operation)) return;
  throw new DependencyError({
    code: "kafka.unauthorised",
    cannot: "publish to Kafka",
    found: `this user has no ${operation} permission on topic ${name}`,
    todo: `Grant it; deno task inference create-topics --dry-run prints all that is needed`,
    place: { url: bootstrapServers, topic: name },
  });
}

function refuseTooFewReplicas(
  { name, partitions }: TopicMetadata,
  wanted: number,
  { bootstrapServers }: KafkaConnection,
  log: Log,
): void {
  const replicas = Math.min(...partitions.map(({ replicas }) => replicas));
  if (replicas < wanted) {
    throw new DependencyError({
      code: "kafka.not-enough-replicas",
      cannot: "publish to Kafka",
      found: `topic ${name} wants ${wanted} replicas in sync (min.insync.replicas), but has ` +
        `${replicas} in all, so that nothing can ever be written`,
      todo: "Lower min.insync.replicas, or raise the replication factor",
      place: { url: bootstrapServers, topic: name },
    });
  }
  if (replicas > 1 && wanted < 2) {
    log.warn("a topic takes messages with one replica in sync; if its broker dies, they are lost", {
      topic: name,
      replicas,
    });
  }
  const inSync = Math.min(...partitions.map(({ inSync }) => inSync));
  if (inSync < wanted) {
    log.warn("a topic has too few replicas in sync; waiting for brokers to come back", {
      topic: name,
      inSync,
      wanted,
    });
  }
}

function refuseTooSmall(
  topic: string,
  messageBytes: number,
  { bootstrapServers }: KafkaConnection,
): void {
  if (messageBytes >= LEAST_BATCH_BYTES) return;
  throw new DependencyError({
    code: "kafka.message-limit",
    cannot: "publish to Kafka",
    found: `topic ${topic} takes at most ${messageBytes} bytes (max.message.bytes), which may be ` +
      "too little for a single message",
    todo: `Raise its max.message.bytes to ${LEAST_BATCH_BYTES} at least, best to ${BATCH_BYTES}`,
    place: { url: bootstrapServers, topic },
  });
}

interface Limits {
  readonly inSync?: number;
  readonly messageBytes?: number;
}

/** Settings of the topics that matter, as far as we may see them: that takes DescribeConfigs. */
async function settingsOf(
  cluster: Cluster,
  names: readonly string[],
  log: Log,
): Promise<ReadonlyMap<string, Limits>> {
  const request = describeTopics(names, ["min.insync.replicas", "max.message.bytes"]);
  const limits = new Map<string, Limits>();
  for (const { code, topic, values } of await cluster.ask(request)) {
    if (code !== 0) {
      log.warn(
        "this user may not see the topic's settings (DescribeConfigs), so min.insync.replicas and " +
          "max.message.bytes are not checked before the first row; batches are of at most " +
          `${BATCH_BYTES} bytes`,
        { topic, reason: new BrokerError("DescribeConfigs", code).type },
      );
      continue;
    }
    const inSync = Number(values.get("min.insync.replicas") ?? 1);
    const messageBytes = Number(values.get("max.message.bytes") ?? BATCH_BYTES);
    limits.set(topic, { inSync, messageBytes });
  }
  return limits;
}
