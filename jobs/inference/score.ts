/**
 * The command `score`: model and data in, one message per row out, each exactly once per run.
 *
 * @module
 */

import { type AnyCommand, command, type Outcome } from "../lib/command.ts";
import { present } from "../lib/present.ts";
import { attemptRun } from "./attempt.ts";
import { realClock, retrying } from "./delivery/mod.ts";
import { inputPlace } from "./input.ts";
import { type ScoreContext, scoreOptions } from "./options.ts";
import { identifyRun, type Manifest, openRuns } from "./runs/mod.ts";
import { dataMetrics, scoreMetrics } from "./score_metrics.ts";

/** Scores a day's data and publishes the predictions. */
export const scoreCommand: AnyCommand = command({
  usage: "score",
  about: "Score data with a registered model and publish each prediction exactly once",
  options: scoreOptions,
  contract: "processing",
  channels: (container) => {
    if (container.kind !== "processing") return {};
    const { inputs, outputs } = container;
    return present({
      data: inputs["data"],
      modelUri: inputs["model"],
      output: outputs["predictions"],
    });
  },
  run: (context) => score(context),
});

/**
 * Works on a run until this process's part of it is done.
 *
 * @param replayed the run whose inputs a new one takes over
 */
export async function score(
  given: ScoreContext,
  replayed?: Manifest,
): Promise<Outcome> {
  const { values, container, signal, print } = given;
  const started = performance.now();
  const hosts = container?.kind === "processing" ? container.hosts : undefined;
  const run = identifyRun(values, hosts, new Date());
  const log = given.log.within({ run: run.id });
  given.span.set({ run: run.id });
  const context = { ...given, log };
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
  if (published.length > 0) {
    const contained = container !== undefined;
    scoreMetrics(attempted, seconds, {
      contained,
      now: Date.now(),
      memory: Deno.memoryUsage().rss,
    }).forEach((line) => print(line));
  }
  const { data, model } = attempted;
  if (data !== undefined && model !== undefined) {
    const contained = container !== undefined;
    dataMetrics(data, model, { contained, now: Date.now() }).forEach((line) => print(line));
  }
  if (completion !== undefined) return { summary: completion };
  log.info("this process is done; others are not", { waiting: waiting.join(",") });
  return {
    summary: { status: "shards-done", run_id: run.id, shards: published, waiting_for: waiting },
  };
}
