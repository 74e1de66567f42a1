/**
 * The command `score`: model and data in, one message per row out, each exactly once per run.
 *
 * @module
 */

import { type AnyCommand, command, type Context, type Outcome } from "../lib/command.ts";
import type { Values } from "../lib/config.ts";
import { type Dataset, matchColumns, openDataset } from "../lib/dataset/mod.ts";
import { DataError, UsageError } from "../lib/errors.ts";
import { openTracking, resolveModel } from "../lib/mlflow/mod.ts";
import type { CompletedRun, Progress, Sink } from "../lib/publishing/mod.ts";
import { metricLine } from "../lib/telemetry.ts";
import { checkInputs, checkOptions, firstManifest } from "./manifest.ts";
import { loadScorer } from "./model.ts";
import { scoreOptions } from "./options.ts";
import { publishPredictions } from "./publish.ts";
import { type Completion, type Manifest, manifestHash, openRunState } from "./run_state.ts";
import { makeSink } from "./sink.ts";

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
  run: score,
});

async function score(context: Context<typeof scoreOptions>): Promise<Outcome> {
  const { values, log, signal, print } = context;
  const started = performance.now();
  const slot = values.scheduledTime ?? new Date(Math.floor(Date.now() / 1000) * 1000);
  const runId = values.runId ?? slot.toISOString().replace(".000Z", "Z");
  const state = openRunState(values.runState, runId);
  const completed = await state.completion();
  if (completed !== undefined) {
    log.info("the run is complete already; nothing to do", { run: runId });
    return { summary: completed };
  }
  await refuseUnfinished(values);

  const sink = makeSink(values, log);
  try {
    const earlier = await state.manifest();
    if (earlier !== undefined) checkOptions(earlier, values, sink.uri);
    const model = await resolveModel(
      earlier?.model.resolved ?? values.modelUri,
      () => openTracking(values, log),
    );
    const scorer = loadScorer(model);
    log.info("model is ready", { name: model.name, version: model.version, digest: model.digest });
    const dataset = await openInput(values);
    const key = values.keyColumn ?? scorer.schema.key ?? null;
    const { columns, extra } = dataset.rows === 0
      ? { columns: [], extra: [] }
      : matchColumns(scorer.schema, dataset.fields, key);
    if (extra.length > 0) {
      log.info("columns that the model does not use", { columns: extra.join(",") });
    }

    const manifest = earlier ?? await state.claimManifest(
      firstManifest(values, { id: runId, scoredAt: slot, sink: sink.uri }, model, dataset),
    );
    // Another attempt may have been first; then its conditions count.
    if (earlier === undefined) {
      checkOptions(manifest, { ...values, scheduledTime: undefined }, sink.uri);
    }
    for (const file of checkInputs(manifest, dataset)) {
      log.warn("a new file is left for a new run", { file });
    }
    signal.throwIfAborted();
    const begun = await sink.open({
      environment: manifest.environment,
      pipeline: manifest.pipeline,
      run: runId,
      shard: 0,
      manifest: await manifestHash(manifest),
    });
    if (begun.row > 0) log.info("resuming", { row: begun.row, accepted: begun.accepted });
    const progress = await publishPredictions(
      { manifest, dataset, columns, scorer, sink, begun },
      context,
    );
    const completion = completionOf(manifest, progress, sink);
    await sink.complete(completion.run);
    await state.complete(completion.summary);

    const seconds = (performance.now() - started) / 1000;
    const rows = progress.row - begun.row;
    log.info("scored", { rows, seconds: Number(seconds.toFixed(2)) });
    for (
      const [name, value] of Object.entries({
        rows_scored: progress.row,
        messages_published: progress.accepted,
        dead_letters: progress.dead,
        seconds: Number(seconds.toFixed(3)),
      })
    ) {
      const line = metricLine(name, value);
      if (line !== undefined) print(line);
    }
    return { summary: completion.summary };
  } finally {
    await sink.close();
  }
}

/** The data to score; without a row it is refused unless `--allow-empty`. */
async function openInput(values: Values<typeof scoreOptions>): Promise<Dataset> {
  try {
    return await openDataset(values.data);
  } catch (error) {
    if (!(error instanceof DataError) || error.code !== "data.empty") throw error;
    if (values.allowEmpty) return NOTHING;
    throw new DataError({
      code: error.code,
      cannot: `score ${values.data}`,
      found: "there is no row in it",
      todo: "Check the day and the path, or complete the run without rows by --allow-empty",
      place: { file: values.data },
      cause: error,
    });
  }
}

const NOTHING: Dataset = {
  uri: "",
  files: [],
  rows: 0,
  fields: [],
  unsupported: [],
  async *batches() {},
};

async function refuseUnfinished(values: Values<typeof scoreOptions>): Promise<void> {
  const { supersedes } = values;
  if (supersedes === undefined) return;
  if (await openRunState(values.runState, supersedes).completion() !== undefined) return;
  throw new UsageError({
    code: "run.superseded-incomplete",
    cannot: `supersede run ${supersedes}`,
    found: `${values.runState} has no completed run of that id`,
    todo: "Let it finish first by scoring with its --run-id once more",
    place: { option: "--supersedes" },
  });
}

function completionOf(
  manifest: Manifest,
  progress: Progress,
  sink: Sink,
): { run: CompletedRun; summary: Completion } {
  const { run_id, supersedes, model, scored_at, inputs } = manifest;
  const run: CompletedRun = {
    run_id,
    ...(supersedes === undefined ? {} : { supersedes }),
    model: { name: model.name, version: model.version },
    scored_at,
    rows: progress.row,
    accepted: progress.accepted,
    dead: progress.dead,
    inputs: inputs.map(({ path, rows }) => ({ path, rows })),
  };
  return { run, summary: { status: "complete", ...run, sink: sink.uri } };
}
