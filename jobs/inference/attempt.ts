/**
 * One attempt at a run: settle what it is made of, publish this process's shards, complete it if all
 * others are done too. Every step may have been done by an earlier attempt or by another process, and
 * is then left alone.
 *
 * @module
 */

import { openTracking, resolveModel } from "../lib/mlflow/mod.ts";
import type { Destination, ShardIdentity, Sink } from "../lib/publishing/mod.ts";
import { completeRun } from "./completion.ts";
import { type Attempt, DeliveryStatistics, rateLimit, realClock } from "./delivery/mod.ts";
import { type Material, materialOf } from "./material.ts";
import type { ScoreContext } from "./options.ts";
import { publishShard } from "./publish.ts";
import {
  checkAbandoned,
  checkConditions,
  checkDestination,
  checkModel,
  checkReplayed,
  checkSuperseded,
  type Completion,
  type Conditions,
  firstManifest,
  type KeptManifest,
  listInputs,
  type Manifest,
  openInputs,
  partitionOf,
  reportNewFiles,
  type RunIdentity,
  type Runs,
  type RunState,
  type ShardRecord,
  watchAbandonment,
} from "./runs/mod.ts";
import { makeSink } from "./sink.ts";

/** What all attempts share. */
export interface Job {
  readonly context: ScoreContext;
  readonly runs: Runs;
  readonly run: RunIdentity;
  /** The run whose inputs a new one takes over; otherwise they are listed. */
  readonly replayed?: Manifest;
}

/** How an attempt ended. */
export interface Attempted {
  /** The shards that this process has published. */
  readonly published: readonly ShardRecord[];
  /** The record of completion; undefined as long as shards of other processes are not done. */
  readonly completion: Completion | undefined;
  /** Those that are not done. */
  readonly waiting: readonly number[];
}

/** Runs one attempt; see the module's description. */
export async function attemptRun(job: Job, attempt: Attempt): Promise<Attempted> {
  const { context: { values, log, signal }, runs, run } = job;
  const state = runs.run(run.id);
  const conditions = conditionsOf(job);
  const earlier = await state.manifest();
  if (earlier !== undefined) checkConditions(earlier.manifest, conditions);
  const completion = await state.completion();
  if (completion !== undefined) {
    log.info("the run is complete already; nothing to do", { run: run.id });
    return { published: [], completion, waiting: [] };
  }
  await checkAbandoned(state);
  let sink = makeSink(values, log);
  try {
    // Before there is a manifest: what cannot be published begins no run.
    const destination = await sink.prepare();
    const settled = await settle(job, state, earlier, conditions, destination);
    signal.throwIfAborted();
    const { manifest } = settled.kept;
    const pending: number[] = [];
    for (const shard of run.shards.own) {
      if (await state.done(shard) === undefined) pending.push(shard);
      else log.info("the shard is done already", { shard });
    }
    const published: ShardRecord[] = [];
    if (pending.length > 0) {
      const material = await prepareScoring(job, settled);
      for (const shard of pending) {
        if (published.length > 0) {
          await sink.close();
          sink = makeSink(values, log);
        }
        // Counted once, whatever the number of shards.
        const failures = published.length === 0 ? attempt.failures : 0;
        const once = { ...attempt, failures };
        published.push(await publishOne(job, state, settled.kept, sink, shard, material, once));
      }
    }
    const done = await completeRun(manifest, state, async (record) => {
      if (published.length === 0) {
        // Its marks say that the shard is done, even where its progress has expired since.
        await sink.open(identityOf(settled.kept, run.shards.own[0] ?? 0));
      }
      await sink.complete(record);
    });
    return { published, ...done };
  } finally {
    await sink.close();
  }
}

/** A manifest, and what this attempt has opened in order to write it. */
interface Settled {
  readonly kept: KeptManifest;
  readonly opened?: Material;
}

/** Finds the manifest, or writes it; from then on nothing else counts. */
async function settle(
  job: Job,
  state: RunState,
  earlier: KeptManifest | undefined,
  conditions: Conditions,
  destination: Destination,
): Promise<Settled> {
  if (earlier !== undefined) {
    checkDestination(earlier.manifest, destination);
    return { kept: earlier };
  }
  const { context: { values, log, signal }, runs, run, replayed } = job;
  if (values.supersedes !== undefined) await checkSuperseded(runs, run.id, values.supersedes);
  if (replayed !== undefined) checkReplayed(replayed, destination);
  const model = await resolveModel(values.modelUri, () => openTracking(values, log));
  const { dataset, inputs } = replayed === undefined
    ? await listInputs({
      data: conditions.dataAt(run.slot),
      above: values.inputPartition === undefined ? undefined : values.data,
      allowEmpty: values.allowEmpty,
    })
    : { dataset: await openInputs(replayed), inputs: replayed.inputs };
  // What cannot be scored begins no run either.
  const opened = await materialOf(model, dataset, values.keyColumn, log);
  signal.throwIfAborted();
  const draft = firstManifest(conditions, model, inputs, destination);
  const kept = await state.claimManifest(draft);
  if (kept.first) {
    const { rows } = dataset;
    log.info("run begun", { run: run.id, inputs: inputs.length, rows, shards: run.shards.count });
    return { kept, opened };
  }
  // Another attempt was first; its conditions count.
  checkConditions(kept.manifest, conditions);
  checkDestination(kept.manifest, destination);
  return { kept };
}

async function prepareScoring(job: Job, { kept, opened }: Settled): Promise<Material> {
  const { values, log } = job.context;
  const { manifest } = kept;
  if (opened !== undefined) return opened;
  const model = await resolveModel(manifest.model.resolved, () => openTracking(values, log));
  checkModel(manifest, model);
  const dataset = await openInputs(manifest);
  await reportNewFiles(manifest, log);
  return await materialOf(model, dataset, manifest.key_column, log);
}

async function publishOne(
  { context, run }: Job,
  state: RunState,
  kept: KeptManifest,
  sink: Sink,
  shard: number,
  material: Material,
  { failures, progressed }: Attempt,
): Promise<ShardRecord> {
  const { values } = context;
  const log = run.shards.count > 1 ? context.log.with({ shard }) : context.log;
  const { manifest } = kept;
  // Read before the shard is claimed, which would hide that its progress is lost.
  const started = await state.started(shard);
  const begun = await sink.open(identityOf(kept, shard), { started });
  // Written after the claim: from here on there is progress, and its absence means something.
  if (!started) await state.start(shard);
  if (begun.row > 0) log.info("resuming", { row: begun.row, accepted: begun.accepted });
  const clock = realClock;
  const statistics = new DeliveryStatistics(clock.now());
  const { row, accepted, dead } = await publishShard({
    manifest,
    shard,
    material,
    sink,
    begun,
    limit: rateLimit(values.rateLimit, clock),
    statistics,
    clock,
    before: watchAbandonment(state, clock.now),
    after: progressed,
  }, { ...context, log });
  const summary = statistics.summary(clock.now(), sink.statistics(), failures);
  const record = { shard, rows: row, accepted, dead, attempt: summary };
  await state.finish(record);
  log.info("shard published", { accepted, dead, ...summary });
  return record;
}

function identityOf({ manifest, hash }: KeptManifest, shard: number): ShardIdentity {
  const { environment, pipeline, run_id } = manifest;
  return { environment, pipeline, run: run_id, shard, manifest: hash };
}

function conditionsOf({ context: { values }, run }: Job): Conditions {
  const { data, inputPartition, inputLagDays } = values;
  return {
    run,
    supersedes: values.supersedes,
    scheduledTime: values.scheduledTime,
    environment: values.environment,
    pipeline: values.pipeline,
    keyColumn: values.keyColumn,
    modelUri: values.modelUri,
    dataAt: (slot) => partitionOf(data, inputPartition, slot, inputLagDays),
  };
}
