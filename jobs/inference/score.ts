/**
 * The command `score`: model and data in, one message per row out, each exactly once per run.
 *
 * @module
 */

import { type AnyCommand, command, type Outcome } from "../lib/command.ts";
import { metricLine } from "../lib/telemetry.ts";
import { type Attempted, attemptRun } from "./attempt.ts";
import { realClock, retrying } from "./delivery/mod.ts";
import { inputPlace } from "./input.ts";
import { type ScoreContext, scoreOptions } from "./options.ts";
import { identifyRun, type Manifest, openRuns } from "./runs/mod.ts";

/** Scores a day's data and publishes the predictions. */
export const scoreCommand: AnyCommand = command({
  usage: "score",
  about: "Score parquet with a registered model and publish each prediction exactly once",
  options: scoreOptions,
  contract: "processing",
  channels: (container) => {
    if (container.kind !== "processing") return {};
    const { inputs, outputs } = container;
    const found = {
      data: inputs["data"],
      modelUri: inputs["model"],
      output: outputs["predictions"],
    };
    return Object.fromEntries(
      Object.entries(found).flatMap(([name, path]) => path ? [[name, path]] : []),
    );
  },
  run: (context) => score(context),
});

/**
 * Works on a run until this process's part of it is done.
 *
 * @param replayed the run whose inputs a new one takes over
 */
export async function score(
  context: ScoreContext,
  replayed?: Manifest,
): Promise<Outcome> {
  const { values, container, log, signal, print } = context;
  const started = performance.now();
  const hosts = container?.kind === "processing" ? container.hosts : undefined;
  const run = identifyRun(values, hosts, new Date());
  // Wrong options are told before anything is asked of anybody.
  inputPlace(values);
  const runs = openRuns(values.runState);
  const job = { context, runs, run, ...(replayed === undefined ? {} : { replayed }) };
  const attempted = await retrying((attempt) => attemptRun(job, attempt), {
    patience: values.retryFor,
    clock: realClock,
    log,
    signal,
  });
  const { published, completion, waiting } = attempted;
  const seconds = (performance.now() - started) / 1000;
  if (published.length > 0) printMetrics(attempted, seconds, print);
  if (completion !== undefined) return { summary: completion };
  log.info("this process is done; others are not", { waiting: waiting.join(",") });
  return {
    summary: { status: "shards-done", run_id: run.id, shards: published, waiting_for: waiting },
  };
}

function printMetrics(
  { published }: Attempted,
  seconds: number,
  print: (line: string) => void,
): void {
  const sum = (of: (record: Attempted["published"][number]) => number) =>
    published.reduce((total, record) => total + of(record), 0);
  const metrics = {
    rows_scored: sum(({ rows }) => rows),
    messages_published: sum(({ accepted }) => accepted),
    dead_letters: sum(({ dead }) => dead),
    seconds: Number(seconds.toFixed(3)),
    rows_per_second: Math.round(sum(({ attempt }) => attempt.rows) / seconds),
    publish_ms_p95: Math.max(...published.map(({ attempt }) => attempt.publish_ms_p95)),
    retries: sum(({ attempt }) => attempt.retries),
    errors: sum(({ attempt }) => attempt.errors),
  };
  for (const [name, value] of Object.entries(metrics)) {
    const line = metricLine(name, value);
    if (line !== undefined) print(line);
  }
}
