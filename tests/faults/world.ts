/**
 * What the fault tests share: clusters of their own, a model, days to score.
 */

import assert from "node:assert/strict";
import { type Cluster, type ClusterOptions, startCluster } from "../../scripts/services/mod.ts";
import { provided, task } from "../job/task.ts";

/** True for the long tests. */
export const EXTENDED = Deno.env.has("ML_TEST_EXTENDED");

/** Days to score, by their rows. */
export type Day = "tiny" | "small" | "split" | "large";

/**
 * A cluster: of today's Kafka, three brokers of the version before, as managed clusters have, or one
 * that keeps offsets for a minute.
 */
export type ClusterName = "one" | "three" | "forgetful";

/** So often they look for transactions that have taken too long. */
const properties = { "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000" };
const CLUSTERS: Record<ClusterName, Omit<ClusterOptions, "folder">> = {
  one: { properties },
  three: { brokers: 3, version: "3.9.2", properties },
  forgetful: {
    properties: {
      ...properties,
      "offsets.retention.minutes": "1",
      "offsets.retention.check.interval.ms": "1000",
    },
  },
};

/** Everything there is. */
export interface World {
  /** Removed at the end. */
  readonly folder: string;
  /** Tracking store with the registered model. */
  readonly trackingUri: string;
  cluster(name: ClusterName): Promise<Cluster>;
  /** Folder of a day. */
  day(day: Day): string;
}

const DAY = "examples/flights/score/day=2013-10-01/flights.parquet";

let made: Promise<World> | undefined;
const clusters = new Map<ClusterName, Promise<Cluster>>();

/** Starts what is not there yet. */
export function world(): Promise<World> {
  return made ??= make();
}

/** Ends all of it. */
export async function endWorld(): Promise<void> {
  for (const starting of clusters.values()) {
    const cluster = await starting.catch(() => undefined);
    await cluster?.[Symbol.asyncDispose]();
  }
  const { folder } = await world();
  await Deno.remove(folder, { recursive: true });
}

/** Rows of each day, and its files. */
const DAYS: Record<Day, [rows: number, files: number]> = {
  tiny: [200, 1],
  small: [4_000, 1],
  split: [8_000, 4],
  large: EXTENDED ? [1_000_000, 4] : [100_000, 2],
};

async function make(): Promise<World> {
  const folder = await Deno.makeTempDir({ prefix: "faults-" });
  const trackingUri = `${folder}/mlruns`;
  const cluster = (name: ClusterName) => {
    const started = clusters.get(name) ?? startAndGrant(name, `${folder}/${name}`);
    clusters.set(name, started);
    return started;
  };
  // All at once: they wait for each other nowhere.
  const brokers = [cluster("one"), cluster("three")];
  const days = Object.entries(DAYS).flatMap((
    [day, [rows, files]],
  ) => [`${folder}/days/${day}`, `${rows}`, `${files}`]);
  await Deno.mkdir(`${folder}/days`);
  await Promise.all([
    train(folder, trackingUri),
    script("make_days.py", [DAY, ...days], provided("ML_TEST_PYTHON")),
    ...brokers,
  ]);
  return { folder, trackingUri, cluster, day: (day) => `${folder}/days/${day}` };
}

async function train(folder: string, trackingUri: string): Promise<void> {
  const { code, log } = await task("train", [
    "--config=examples/flights/config.json",
    ...["--n-estimators=5", "--max-depth=5"],
    ...[`--output=${folder}/out`, `--tracking-uri=${trackingUri}`],
  ]);
  assert.equal(code, 0, log);
}

async function startAndGrant(name: ClusterName, folder: string): Promise<Cluster> {
  const cluster = await startCluster({ ...CLUSTERS[name], folder });
  await admin(cluster, "grant");
  return cluster;
}

/** Makes an output topic, one that nobody else uses unless told, and those that belong to it. */
export async function makeTopic(
  cluster: Cluster,
  topic: string = `faults-${crypto.randomUUID().slice(0, 8)}`,
): Promise<string> {
  await admin(cluster, "topics", "3", topic);
  return topic;
}

/** See admin.py. */
export async function admin(cluster: Cluster, ...args: string[]): Promise<void> {
  await script("admin.py", [cluster.bootstrapServers, ...args]);
}

/** Runs one of the scripts beside this file and returns what it prints. */
export async function script(
  name: string,
  args: readonly string[],
  interpreter: string = provided("ML_TEST_PYTHON_KAFKA"),
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(interpreter, {
    args: [`tests/faults/${name}`, ...args],
  }).output();
  if (code !== 0) throw new Error(`${name} failed:\n${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** Does something for each, so many at a time; waits for all of them, then fails if any did. */
export async function inTurns<T>(
  width: number,
  all: readonly T[],
  body: (one: T) => Promise<void>,
): Promise<void> {
  const queue = all.values();
  const errors: unknown[] = [];
  await Promise.all(Array.from({ length: width }, async () => {
    for (const one of queue) await body(one).catch((error) => errors.push(error));
  }));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${all.length}`);
}

/** Numbers that follow from a seed, each at least 0 and less than 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
