/**
 * The three topics of a stream of predictions.
 *
 * @module
 */
import type { Admin } from "kafkajs";
import type { Log } from "../log.ts";
import type { KafkaConnection } from "./client.ts";
import { openKafka } from "./connection.ts";
import { type Attempted, brokerErrorType, permanentFailure, unreachable } from "./failures.ts";
import { pause, TimeoutError, within } from "./patience.ts";

/** Names of the topics. */
export interface Topics {
  /** Predictions. */
  readonly predictions: string;
  /** Rows that could not be scored. */
  readonly deadLetters: string;
  /** One message per completed run. */
  readonly runs: string;
}

/** Names of the topics that belong to an output topic. */
export function topicsOf(topic: string): Topics {
  return { predictions: topic, deadLetters: `${topic}.dead-letter`, runs: `${topic}.runs` };
}

/** How to make topics. */
export interface CreateTopicsOptions {
  /** Where. */
  readonly connection: KafkaConnection;
  /** The output topic; the others are named after it. */
  readonly topic: string;
  /** Of predictions and dead letters; completed runs have one. */
  readonly partitions: number;
  /** Copies of each partition; -1 for the broker's default. */
  readonly replicationFactor: number;
  /** For what kafkajs says. */
  readonly log: Log;
}

/** A topic there is now. */
export interface CreatedTopic {
  /** Its name. */
  readonly topic: string;
  /** How many it has, whoever made it. */
  readonly partitions: number;
  /** False if it was there before. */
  readonly created: boolean;
}

/**
 * Makes the topics that are missing; those that exist are left as they are.
 *
 * @throws {DependencyError} `kafka.unreachable`, `kafka.unauthorised`, `kafka.refused`
 */
export async function createTopics(options: CreateTopicsOptions): Promise<CreatedTopic[]> {
  const { connection, topic, partitions, replicationFactor, log } = options;
  const { predictions, deadLetters, runs } = topicsOf(topic);
  const client = await openKafka(connection, log);
  const attempted = { cannot: "create the topics", client, topic };
  const admin = client.kafka.admin();
  try {
    await connect(admin, attempted);
    const result: CreatedTopic[] = [];
    for (const name of [predictions, deadLetters, runs]) {
      const numPartitions = name === runs ? 1 : partitions;
      const created = await createTopic(admin, { topic: name, numPartitions, replicationFactor });
      result.push({ topic: name, partitions: await awaitLeaders(admin, name), created });
    }
    return result;
  } catch (error) {
    throw permanentFailure(error, attempted) ?? unreachable(error, attempted);
  } finally {
    await within(2_000, admin.disconnect()).catch(() => {});
  }
}

/** Connects. @throws {DependencyError} `kafka.unreachable` within 10 s, `kafka.unauthorised` */
export async function connect(
  admin: Admin,
  attempted: Attempted,
): Promise<void> {
  try {
    await within(10_000, admin.connect());
  } catch (thrown) {
    const error = thrown instanceof TimeoutError ? attempted.client.trouble?.() ?? thrown : thrown;
    throw permanentFailure(error, attempted) ?? unreachable(error, attempted);
  }
}

async function createTopic(
  admin: Admin,
  topic: { topic: string; numPartitions: number; replicationFactor: number },
): Promise<boolean> {
  try {
    return await admin.createTopics({ topics: [topic], waitForLeaders: false });
  } catch (error) {
    if (brokerErrorType(error) === "TOPIC_ALREADY_EXISTS") return false;
    throw error;
  }
}

/** Waits until the broker knows the topic and its leaders, which is later than its creation. */
async function awaitLeaders(admin: Admin, topic: string): Promise<number> {
  const end = Date.now() + 20_000;
  for (let attempt = 0;; attempt++) {
    try {
      const { topics: [found] } = await admin.fetchTopicMetadata({ topics: [topic] });
      const partitions = found?.partitions ?? [];
      const led = partitions.length > 0 && partitions.every(({ leader }) => leader >= 0);
      if (led || Date.now() > end) return partitions.length;
    } catch (error) {
      const type = brokerErrorType(error);
      const passes = type === "UNKNOWN_TOPIC_OR_PARTITION" || type === "LEADER_NOT_AVAILABLE";
      if (!passes || Date.now() > end) throw error;
    }
    await pause(attempt);
  }
}
