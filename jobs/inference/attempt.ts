/**
 * One attempt at a run: settle what it is made of, publish this process's shards, complete it if all
 * others are done too. Every step may have been done by an earlier attempt or by another process, and
 * is then left alone.
 *
 * @module
 */

import type { Destination, ShardIdentity, Sink } from "../lib/publishing/mod.ts";
import { span } from "../lib/tracing/mod.ts";
import { completeRun } from "./completion.ts";
import { type Attempt, DeliveryStatistics, rateLimit, realClock } from "./delivery/mod.ts";
import { type Material, materialOf } from "./material.ts";
import type { ScoreContext } from "./options.ts";
import { inputsOf, type Publication, publishShard } from "./publish.ts";
import {
  checkAbandoned,
  checkConditions,
  checkDestination,
  checkSink,
  type Completion,
  type KeptManifest,
  type RunState,
  type ShardRecord,
  watchAbandonment,
} from "./runs/mod.ts";
import { claimRun, conditionsOf, type Job, openKept, openNew } from "./settle.ts";
import { makeSink } from "./sink.ts";
import {
  type DataSummary,
  hasSurvey,
  keepBaseline,
  keepSurvey,
  reportRunData,
  requireUndrifted,
  type Seen,
  type Survey,
  surveyBefore,
} from "./survey/mod.ts";

/** How an attempt ended. */
export interface Attempted {
  /** The shards that this process has published. */
  readonly published: readonly ShardRecord[];
  /** The record of completion; undefined as long as shards of other processes are not done. */
  readonly completion: Completion | undefined;
  /** Those that are not done. */
  readonly waiting: readonly number[];
  /** What the data of a run looked like that this attempt has completed. */
  readonly data?: DataSummary | undefined;
  /** Name of the registered model; undefined if nothing was left to do. */
  readonly model: string | undefined;
}

/** Runs one attempt; see the module's description. */
export async function attemptRun(job: Job<ScoreContext>, attempt: Attempt): Promise<Attempted> {
  const { context: { values, log, signal }, runs, run } = job;
  const state = runs.run(run.id);
  const earlier = await state.manifest();
  const sink = makeSink(job.context);
  if (earlier !== undefined) {
    checkConditions(earlier.manifest, conditionsOf(job));
    checkSink(earlier.manifest, sink.uri);
  }
  const completion = await state.completion();
  if (completion !== undefined) {
    log.info("the run is complete already; nothing to do", { run: run.id });
    return { published: [], completion, waiting: [], model: undefined };
  }
  await checkAbandoned(state);
  if (values.onDrift === "fail") await requireUndrifted(state, earlier, values.driftThreshold);
  try {
    // Before there is a manifest: what cannot be published begins no run.
    const destination = await sink.prepare();
    const settled = await span(
      "settle run",
      () => settle(job, state, earlier, destination),
    );
    signal.throwIfAborted();
    const { manifest } = settled.kept;
    const { published, seen } = await publishShards(job, state, settled, sink, attempt);
    const look = () => reportRunData(manifest, state, values.driftThreshold, log, seen);
    const complete = () =>
      completeRun(manifest, state, look, async (record) => {
        if (published.length === 0) {
          // Its marks say that the shard is done, even where its progress has expired since.
          await sink.open(identityOf(settled.kept, run.shards.own[0] ?? 0));
        }
        await sink.complete(record);
      });
    const done = await span("complete run", complete);
    return { published, ...done, model: manifest.model.name };
  } finally {
    await sink.close();
  }
}

/** Publishes what is left of this process's shards: the first by the given sink, each other by its own. */
async function publishShards(
  job: Job<ScoreContext>,
  state: RunState,
  settled: Settled,
  sink: Sink,
  attempt: Attempt,
): Promise<{ readonly published: readonly ShardRecord[]; readonly seen: Seen | undefined }> {
  const { context: { log }, run } = job;
  const pending: number[] = [];
  for (const shard of run.shards.own) {
    if (await state.done(shard) === undefined) pending.push(shard);
    else log.info("the shard is done already", { shard });
  }
  const published: ShardRecord[] = [];
  let seen: Seen | undefined;
  if (pending.length === 0) return { published, seen };
  const material = await span("load model", () => prepareScoring(job, settled));
  for (const [index, shard] of pending.entries()) {
    const to = index === 0 ? sink : makeSink(job.context);
    // Counted once, whatever the number of shards.
    const once = { ...attempt, failures: index === 0 ? attempt.failures : 0 };
    try {
      published.push(
        await span("publish shard", async (phase) => {
          const done = await publishOne(job, state, settled.kept, to, shard, material, once);
          const { record, survey } = done;
          if (settled.kept.manifest.shards.length === 1) seen = seenIn(material, survey);
          const { rows, accepted, dead, attempt: { retries } } = record;
          phase.set({ rows, accepted, dead, retries });
          return record;
        }, { shard }),
      );
    } finally {
      if (to !== sink) await to.close();
    }
  }
  return { published, seen };
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
  destination: Destination,
): Promise<Settled> {
  if (earlier !== undefined) {
    checkDestination(earlier.manifest, destination);
    return { kept: earlier };
  }
  const { values, log, signal } = job.context;
  const found = await openNew(job, destination);
  // What cannot be scored begins no run either.
  const opened = await materialOf(found, values.keyColumn, log);
  signal.throwIfAborted();
  const kept = await claimRun(job, state, found, destination);
  return kept.first ? { kept, opened } : { kept };
}

async function prepareScoring(job: Job, { kept, opened }: Settled): Promise<Material> {
  if (opened !== undefined) return opened;
  const found = await openKept(job, kept);
  return await materialOf(found, kept.manifest.key_column, job.context.log);
}

async function publishOne(
  { context, run }: Job<ScoreContext>,
  state: RunState,
  kept: KeptManifest,
  sink: Sink,
  shard: number,
  material: Material,
  { failures, progressed }: Attempt,
): Promise<{ readonly record: ShardRecord; readonly survey: Survey | undefined }> {
  const { values } = context;
  const log = run.shards.count > 1 ? context.log.with({ shard }) : context.log.within({ shard });
  const { manifest } = kept;
  // Read before the shard is claimed, which would hide that its progress is lost.
  const started = await state.started(shard);
  const begun = await sink.open(identityOf(kept, shard), { started });
  // Written after the claim: from here on there is progress, and its absence means something.
  if (!started) await state.start(shard);
  if (begun.row > 0) log.info("resuming", { row: begun.row, accepted: begun.accepted });
  const clock = realClock;
  const statistics = new DeliveryStatistics(clock.now());
  const onViolation = manifest.on_violation ?? values.onViolation ?? "warn";
  const survey = material.watch?.plan.begin();
  const { row, accepted, dead } = await publishShard({
    manifest,
    shard,
    material,
    sink,
    begun,
    survey,
    onViolation,
    limit: rateLimit(values.rateLimit, clock),
    statistics,
    clock,
    before: watchAbandonment(state, clock.now),
    after: progressed,
  }, { ...context, log });
  const settled = await settleSurvey(context, state, {
    manifest,
    shard,
    material,
    begun,
    survey,
    onViolation,
  });
  const summary = statistics.summary(clock.now(), sink.statistics(), failures);
  const record = { shard, rows: row, accepted, dead, attempt: summary };
  await state.finish(record);
  log.info("shard published", { accepted, dead, ...summary });
  return { record, survey: settled };
}

/**
 * Keeps what the shard's rows look like, before the mark that says that the shard is done.
 *
 * @returns what is kept of all rows; undefined where there is none, or an earlier attempt's
 */
async function settleSurvey(
  { log, signal }: ScoreContext,
  state: RunState,
  { manifest, shard, material, begun, survey, onViolation }: Pick<
    Publication,
    "manifest" | "shard" | "material" | "begun" | "survey" | "onViolation"
  >,
): Promise<Survey | undefined> {
  const { watch, scorer, dataset, columns } = material;
  if (watch === undefined || survey === undefined) return undefined;
  if (shard === 0) await keepBaseline(state, scorer.schema, watch.baseline);
  if (begun.row > 0) {
    if (await hasSurvey(state, shard)) return undefined;
    log.info("looking at the rows that were published before", { rows: begun.row });
    survey.merge(
      await surveyBefore(watch.plan, {
        dataset,
        columns,
        files: inputsOf(manifest, shard).map(({ path }) => path),
        rows: begun.row,
        scorer,
        quarantine: onViolation === "quarantine",
        signal,
      }),
    );
  }
  await keepSurvey(state, shard, survey);
  return survey;
}

function seenIn({ watch, scorer }: Material, survey: Survey | undefined): Seen | undefined {
  if (watch === undefined || survey === undefined) return undefined;
  return { schema: scorer.schema, baseline: watch.baseline, survey };
}

function identityOf({ manifest, hash }: KeptManifest, shard: number): ShardIdentity {
  const { environment, pipeline, run_id } = manifest;
  return { environment, pipeline, run: run_id, shard, manifest: hash };
}
