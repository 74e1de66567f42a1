/**
 * What making the topics would do.
 *
 * @module
 */
import type { Log } from "../../log.ts";
import { Cluster } from "../cluster.ts";
import type { KafkaConnection } from "../client.ts";
import { connectionSettings } from "../connection.ts";
import { permanentFailure, unreachable } from "../failures.ts";
import { within } from "../patience.ts";
import { topicsOf } from "../topics.ts";

/** Which topics, as `CreateTopicsOptions` has them. */
export interface PlanOptions {
  /** Where. */
  readonly connection: KafkaConnection;
  /** The output topic; the others are named after it. */
  readonly topic: string;
  /** Of predictions and dead letters; completed runs have one. */
  readonly partitions: number;
  /** For what kafkajs says. */
  readonly log: Log;
}

/** A topic as it is, or as it would be made. */
export interface PlannedTopic {
  /** Its name. */
  readonly topic: string;
  /** How many it has or would have. */
  readonly partitions: number;
  /** False if it would be made; one that is not shown to this user is missing for it. */
  readonly exists: boolean;
}

/**
 * Tells which topics would be made; makes none.
 *
 * @throws {DependencyError} `kafka.unreachable`, `kafka.unauthorised`
 */
export async function planTopics(options: PlanOptions): Promise<PlannedTopic[]> {
  const { connection, topic, partitions, log } = options;
  const { predictions, deadLetters, runs } = topicsOf(topic);
  const settings = await connectionSettings(connection);
  const cluster = new Cluster({ settings, timeouts: { connect: 5_000, request: 10_000 }, log });
  const attempted = {
    cannot: "look for the topics",
    client: { connection },
    topic,
  };
  try {
    const names = [predictions, deadLetters, runs];
    const { topics } = await within(20_000, cluster.metadata(names));
    return names.map((name) => {
      const found = topics.find((topic) => topic.name === name)?.partitions.length ?? 0;
      const wanted = name === runs ? 1 : partitions;
      return { topic: name, partitions: found || wanted, exists: found > 0 };
    });
  } catch (error) {
    throw permanentFailure(error, attempted) ?? unreachable(error, attempted);
  } finally {
    cluster.close();
  }
}
