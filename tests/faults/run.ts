/**
 * A run to break, and the account that is asked for afterwards.
 */

import assert from "node:assert/strict";
import type { Cluster } from "../../scripts/services/mod.ts";
import { type Scoring, startScore } from "./score.ts";
import { type ClusterName, type Day, makeTopic, script, world } from "./world.ts";

/** A run of a day on a topic. */
export interface Run {
  readonly id: string;
  readonly topic: string;
  readonly cluster: Cluster;
  /** Folder of its input. */
  readonly data: string;
  /** File of the keys in it. */
  readonly keys: string;
  /** Most rows in a transaction. */
  readonly batch: number;
}

/** What account.py prints. */
interface Account {
  readonly expected: number;
  readonly expected_dead: number;
  readonly event_ids: number;
  readonly versions: readonly string[];
  readonly completed: readonly Record<string, unknown>[];
  readonly aborted: number;
  readonly [differences: string]: unknown;
}

/** The least-privilege principal of all tests that are not about others. */
export const SCORER = {
  KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT",
  KAFKA_SASL_MECHANISM: "SCRAM-SHA-512",
  KAFKA_SASL_USERNAME: "scorer",
  KAFKA_SASL_PASSWORD: "scorer-secret",
};

/** A run that nobody else has, on a topic of its own unless told. */
export async function newRun(
  options: { cluster?: ClusterName; day?: Day; batch?: number; topic?: string } = {},
): Promise<Run> {
  const { day, cluster } = await world();
  const on = await cluster(options.cluster ?? "one");
  return {
    id: `run-${crypto.randomUUID().slice(0, 8)}`,
    topic: options.topic ?? await makeTopic(on),
    cluster: on,
    data: day(options.day ?? "small"),
    keys: `${day(options.day ?? "small")}.json`,
    batch: options.batch ?? 200,
  };
}

/** How an attempt differs from others. */
export interface AttemptOptions {
  /** Instead of the cluster itself. */
  readonly servers?: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** Milliseconds; see `startScore`. */
  readonly patience?: number;
}

/** Starts an attempt at a run. */
export async function attempt(run: Run, options: AttemptOptions = {}): Promise<Scoring> {
  const { folder, trackingUri } = await world();
  return startScore(
    [
      `--data=${run.data}`,
      "--model-uri=models:/flights-late@champion",
      `--tracking-uri=${trackingUri}`,
      "--scheduled-time=2013-10-01T06:00:00Z",
      ...[`--run-id=${run.id}`, `--run-state=${folder}/runs`, `--batch-size=${run.batch}`],
      "--environment=faults",
      `--kafka-bootstrap-servers=${options.servers ?? run.cluster.saslBootstrapServers}`,
      `--kafka-output-topic=${run.topic}`,
      ...options.args ?? [],
    ],
    { ...SCORER, ...options.env },
    options.patience,
  );
}

/** An attempt that must finish the run. @returns its summary */
export async function finish(
  run: Run,
  options?: AttemptOptions,
): Promise<Record<string, unknown>> {
  return await succeeds(await attempt(run, options), run);
}

/** Waits for an attempt that must end with success. */
export async function succeeds(scoring: Scoring, run: Run): Promise<Record<string, unknown>> {
  const { code, log, summary } = await scoring.result;
  assert.equal(code, 0, `${run.id}: ${log}`);
  return summary;
}

/** Waits for an attempt that another one must have taken the run from. */
export async function isFenced(scoring: Scoring): Promise<void> {
  const { code, log } = await scoring.result;
  assert.equal(code, 6, log);
}

/**
 * A reader that is not ours finds every row once, in order, nothing aborted, every row without key
 * among the dead letters, and one record of completion whose counts add up.
 *
 * @returns how many aborted records are in the topic, which only show what was overcome
 */
export async function assertWhole(
  run: Run,
  summary?: Record<string, unknown>,
): Promise<{ aborted: number; versions: readonly string[] }> {
  const servers = run.cluster.bootstrapServers;
  const account: Account = JSON.parse(
    await script("account.py", [servers, run.topic, run.id, run.keys]),
  );
  const { expected, expected_dead, event_ids, completed, aborted, versions, ...differences } =
    account;
  for (const [name, found] of Object.entries(differences)) {
    assert.deepEqual(found, [], `${run.id}: ${name}`);
  }
  assert.equal(event_ids, expected, `${run.id}: event ids`);
  assert.equal(completed.length, 1, `${run.id}: records of completion`);
  for (const record of [completed[0], ...(summary === undefined ? [] : [summary])]) {
    assert.equal(record?.["accepted"], expected);
    assert.equal(record?.["dead"], expected_dead);
    assert.equal(record?.["rows"], expected + expected_dead);
  }
  return { aborted, versions };
}

/** A promise to be kept from outside. */
export function gate(): { open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}

/** Waits for something that must happen, unless the process ends before. */
export async function happens(event: Promise<void>, scoring: Scoring): Promise<void> {
  const ended = scoring.result.then(({ code, log }) => {
    throw new Error(`score has ended with ${code} before it could be hit:\n${log}`);
  });
  await Promise.race([event, ended]);
}
