/**
 * What goes on in the topics of a stream of predictions, seen from the brokers: how fast it grows,
 * how far its consumers are, how far its runs are. It only looks.
 *
 * @module
 */
import { DependencyError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { Cluster } from "../cluster.ts";
import type { KafkaConnection } from "../client.ts";
import { connectionSettings } from "../connection.ts";
import { permanentFailure, unreachable } from "../failures.ts";
import { within } from "../patience.ts";
import type { Metadata, TopicMetadata } from "../protocol/cluster_requests.ts";
import { topicsOf } from "../topics.ts";
import type { Group } from "./groups.ts";
import { lagOf, type LagOfGroup } from "./lag.ts";
import {
  type ByPartition,
  groupOffsets,
  listGroups,
  listOffsets,
  type Partitions,
  partitionSizes,
} from "./requests.ts";
import { type RunProgress, runsOf } from "./run_progress.ts";

/** What to look at. */
export interface MonitorOptions {
  /** The cluster, and who we are there. */
  readonly connection: KafkaConnection;
  /** The output topic; the others stand beside it. */
  readonly topic: string;
  /** Milliseconds between two looks, over which rates are taken. */
  readonly interval: number;
  /** For what kafkajs says. */
  readonly log: Log;
  /** Ends the wait between two looks. */
  readonly signal: AbortSignal;
}

/** What was seen. */
export interface TopicActivity {
  /** The output topic. */
  readonly topic: string;
  /** How many it has. */
  readonly partitions: number;
  /** Offsets used so far: messages, and the markers that end transactions. */
  readonly offsets: number;
  /** Offsets used per second: a marker per partition and transaction is counted too. */
  readonly messages_per_second: number;
  /** On the disks of the leaders; null if this user may not know. */
  readonly bytes: number | null;
  /** Bytes as stored, thus compressed; null if this user may not know. */
  readonly bytes_per_second: number | null;
  /** Rows that could not be scored. */
  readonly dead_letters: {
    /** In the runs below. */
    readonly in_runs: number;
    /** Offsets of the topic that are still there: dead letters, markers, what was aborted. */
    readonly offsets: number;
  };
  /** Groups that read the topics. */
  readonly groups: readonly LagOfGroup[];
  /** Runs whose progress Kafka still knows. */
  readonly runs: readonly RunProgress[];
}

/** Looks again and again. */
export interface Monitor {
  /**
   * What goes on, one interval after the last call; the first call waits for one interval. It may be
   * called again after an error.
   *
   * @throws {DependencyError} `kafka.topic-missing`, `kafka.unreachable`, `kafka.unauthorised`
   */
  next(): Promise<TopicActivity>;
  /** Drops the connections. */
  close(): void;
}

/** Prepares to look. @throws {UsageError} `kafka.…` */
export async function openMonitor(options: MonitorOptions): Promise<Monitor> {
  const { connection, topic, interval, log, signal } = options;
  const settings = await connectionSettings(connection);
  const connect = () =>
    new Cluster({ settings, timeouts: { connect: 5_000, request: 10_000 }, log });
  let cluster = connect();
  const attempted = {
    cannot: "look at Kafka",
    client: { connection },
    topic,
  };
  const look = async (): Promise<Look> => {
    signal.throwIfAborted();
    try {
      return await within(30_000, lookAt(cluster, options));
    } catch (error) {
      // Brokers come back, their connections do not.
      cluster.close();
      cluster = connect();
      throw permanentFailure(error, attempted) ?? unreachable(error, attempted);
    }
  };
  let before: Look | undefined;
  return {
    next: async () => {
      before ??= await look();
      await sleep(before.time + interval - performance.now(), signal);
      const now = await look();
      const activity = activityOf(topic, before, now);
      before = now;
      return activity;
    },
    close: () => cluster.close(),
  };
}

/** What was there at one moment. */
interface Look {
  readonly time: number;
  readonly partitions: number;
  readonly ends: ByPartition<number>;
  readonly firsts: ByPartition<number>;
  /** Of the output topic; undefined if we may not know. */
  readonly bytes: number | undefined;
  readonly groups: readonly Group[];
}

async function lookAt(cluster: Cluster, { topic, connection }: MonitorOptions): Promise<Look> {
  const { predictions, deadLetters, runs } = topicsOf(topic);
  const metadata = await cluster.metadata([predictions, deadLetters, runs]);
  const output = metadata.topics.find(({ name }) => name === predictions);
  if (output === undefined || output.partitions.length === 0) {
    throw new DependencyError({
      code: "kafka.topic-missing",
      cannot: "look at Kafka",
      found:
        `${connection.bootstrapServers} has no topic ${topic}, or does not show it to this user`,
      todo: "Make it with deno task inference create-topics, and grant Describe on it",
      place: { url: connection.bootstrapServers, topic },
    });
  }
  const time = performance.now();
  const [ends, firsts, sizes, groups] = await Promise.all([
    ofLeaders(cluster, metadata, metadata.topics, (part) => listOffsets("end", part)),
    ofLeaders(
      cluster,
      metadata,
      metadata.topics.filter(({ name }) => name === deadLetters),
      (part) => listOffsets("first", part),
    ),
    ofLeaders(cluster, metadata, [output], partitionSizes),
    allGroups(cluster, metadata),
  ]);
  const bytes = sizes.get(predictions);
  return {
    time,
    partitions: output.partitions.length,
    ends,
    firsts,
    bytes: bytes === undefined ? undefined : sum(bytes.values()),
    groups,
  };
}

/** Asks each leader about its partitions. */
async function ofLeaders(
  cluster: Cluster,
  { brokers }: Metadata,
  topics: readonly TopicMetadata[],
  request: (part: Partitions) => ReturnType<typeof listOffsets>,
): Promise<ByPartition<number>> {
  const answers = await Promise.all([...brokers].map(async ([node, address]) => {
    const part = new Map(topics.flatMap(({ name, partitions }): [string, number[]][] => {
      const led = partitions.filter(({ leader }) => leader === node);
      return led.length === 0 ? [] : [[name, led.map(({ partition }) => partition)]];
    }));
    if (part.size === 0) return new Map<string, Map<number, number>>();
    return await (await cluster.wire(address)).request(request(part));
  }));
  const joined = new Map<string, ReadonlyMap<number, number>>();
  for (const [topic, numbers] of answers.flatMap((answer) => [...answer])) {
    joined.set(topic, new Map([...joined.get(topic) ?? [], ...numbers]));
  }
  return joined;
}

/** Each broker coordinates some groups. */
async function allGroups(cluster: Cluster, { brokers }: Metadata): Promise<Group[]> {
  const groups = await Promise.all([...brokers.values()].map(async (address) => {
    const wire = await cluster.wire(address);
    const listed = await wire.request(listGroups());
    return await Promise.all(listed.map(async (listing) => ({
      ...listing,
      committed: await wire.request(groupOffsets(listing.group)),
    })));
  }));
  return groups.flat();
}

function activityOf(topic: string, before: Look, now: Look): TopicActivity {
  const { predictions, deadLetters } = topicsOf(topic);
  const seconds = (now.time - before.time) / 1000;
  const total = (look: Look, name: string) => sum(look.ends.get(name)?.values() ?? []);
  // Retention deletes meanwhile, which is no negative speed.
  const rate = (from: number, to: number) => Math.max(0, Math.round((to - from) / seconds));
  const runs = runsOf(topic, now.groups, { groups: before.groups, seconds });
  const known = before.bytes !== undefined && now.bytes !== undefined;
  return {
    topic,
    partitions: now.partitions,
    offsets: total(now, predictions),
    messages_per_second: rate(total(before, predictions), total(now, predictions)),
    bytes: now.bytes ?? null,
    bytes_per_second: known ? rate(before.bytes, now.bytes) : null,
    dead_letters: {
      in_runs: sum(runs.map(({ dead }) => dead)),
      offsets: total(now, deadLetters) - sum(now.firsts.get(deadLetters)?.values() ?? []),
    },
    groups: lagOf(topic, now.groups, now.ends),
    runs,
  };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, Math.max(0, milliseconds));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}
