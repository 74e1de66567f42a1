/**
 * What a run is made of: model, inputs, destination. The first attempt settles it in the manifest;
 * every later one, and every other process, reads it there.
 *
 * @module
 */

import { type Dataset, typesOf } from "../lib/dataset/mod.ts";
import type { Log } from "../lib/log.ts";
import {
  modelCache,
  openTracking,
  type ResolvedModel,
  resolveModel,
  type ResolveOptions,
} from "../lib/mlflow/mod.ts";
import type { Destination } from "../lib/publishing/mod.ts";
import { inputPlace } from "./input.ts";
import { loadScorer } from "./model.ts";
import type { Scorer } from "./scorer.ts";
import type { RunContext } from "./options.ts";
import {
  checkConditions,
  checkDestination,
  checkModel,
  checkReplayed,
  checkSuperseded,
  type Conditions,
  firstManifest,
  type Input,
  type KeptManifest,
  listInputs,
  type Manifest,
  openInputs,
  partitionOf,
  reportNewFiles,
  type RunIdentity,
  type Runs,
  type RunState,
} from "./runs/mod.ts";

/** What all attempts at a run share. */
export interface Job<C extends RunContext = RunContext> {
  readonly context: C;
  readonly runs: Runs;
  readonly run: RunIdentity;
  /** The run whose inputs a new one takes over; otherwise they are listed. */
  readonly replayed?: Manifest;
}

/** Model and data of a run, before a row is scored. */
export interface Opened {
  readonly model: ResolvedModel;
  readonly scorer: Scorer;
  readonly dataset: Dataset;
  readonly inputs: readonly Input[];
}

/** Finds model and data of a new run. */
export async function openNew(job: Job, destination: Destination): Promise<Opened> {
  const { context: { values, log, signal }, runs, run, replayed } = job;
  if (values.supersedes !== undefined) await checkSuperseded(runs, run.id, values.supersedes);
  if (replayed !== undefined) checkReplayed(replayed, destination);
  const open = () => openTracking(values, log, signal);
  const model = await resolveModel(values.modelUri, open, cacheOf(values.modelCache, log));
  const scorer = await loadScorer(model);
  const types = typesOf(scorer.schema);
  if (replayed !== undefined) {
    return { model, scorer, dataset: await openInputs(replayed, types), inputs: replayed.inputs };
  }
  const { data, partition } = inputPlace(values);
  const listed = await listInputs({
    data: conditionsOf(job).dataAt(run.slot),
    above: partition === undefined ? undefined : data,
    allowEmpty: values.allowEmpty,
  }, types);
  return { model, scorer, ...listed };
}

function cacheOf(folder: string | undefined, log: Log): ResolveOptions {
  return folder === undefined ? {} : { cache: modelCache(folder, log) };
}

/** Opens the model and the data that the manifest of a begun run names. */
export async function openKept({ context }: Job, { manifest }: KeptManifest): Promise<Opened> {
  const { values, log, signal } = context;
  const model = await resolveModel(
    manifest.model.resolved,
    () => openTracking(values, log, signal),
    cacheOf(values.modelCache, log),
  );
  checkModel(manifest, model);
  const scorer = await loadScorer(model);
  const dataset = await openInputs(manifest, typesOf(scorer.schema));
  await reportNewFiles(manifest, log);
  return { model, scorer, dataset, inputs: manifest.inputs };
}

/**
 * Writes the manifest of a run, unless another attempt was first; then that one's conditions count.
 *
 * @returns the manifest that counts, and whether it is this one
 */
export async function claimRun(
  job: Job,
  state: RunState,
  { model, dataset, inputs }: Opened,
  destination: Destination,
): Promise<KeptManifest & { readonly first: boolean }> {
  const { context: { log }, run } = job;
  const conditions = conditionsOf(job);
  const kept = await state.claimManifest(firstManifest(conditions, model, inputs, destination));
  if (kept.first) {
    const { rows } = dataset;
    log.info("run begun", { run: run.id, inputs: inputs.length, rows, shards: run.shards.count });
    return kept;
  }
  checkConditions(kept.manifest, conditions);
  checkDestination(kept.manifest, destination);
  return kept;
}

/** What the options say about the run. */
export function conditionsOf({ context: { values }, run }: Job): Conditions {
  const { data, partition } = inputPlace(values);
  return {
    run,
    supersedes: values.supersedes,
    scheduledTime: values.scheduledTime,
    environment: values.environment,
    pipeline: values.pipeline,
    keyColumn: values.keyColumn,
    onViolation: values.onViolation,
    modelUri: values.modelUri,
    dataAt: (slot) => partitionOf(data, partition, slot, values.inputLagDays),
  };
}
