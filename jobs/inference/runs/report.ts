/**
 * What there is to know about a run without asking its sink.
 *
 * @module
 */
import { DependencyError, UsageError } from "../../lib/errors.ts";
import type { Abandonment, Completion, Manifest, ShardRecord } from "./schema.ts";
import type { KeptManifest, Runs, RunState } from "./state.ts";

/** How a run stands. */
export type RunStatus = "complete" | "abandoned" | "incomplete" | "unreadable";

/** A line of the list of runs. */
export interface RunLine {
  readonly run_id: string;
  readonly status: RunStatus;
  readonly scored_at?: string;
  readonly model?: string;
  readonly supersedes?: string;
  readonly rows?: number;
  readonly shards?: number;
  readonly shards_done?: number;
}

/** How a shard stands: an attempt has claimed it, all of it is published, or neither. */
export interface ShardLine {
  readonly shard: number;
  readonly status: "done" | "started" | "waiting";
  readonly rows: number;
  readonly accepted?: number;
  readonly dead?: number;
}

/** All about a run. */
export interface RunReport {
  readonly status: Exclude<RunStatus, "unreadable">;
  readonly manifest: Manifest;
  readonly shards: readonly ShardLine[];
  readonly completion?: Completion;
  readonly abandonment?: Abandonment;
}

/** The last runs by id, that is by slot where ids are slots; the latest first. */
export async function listRuns(runs: Runs, limit: number): Promise<RunLine[]> {
  const texts = [...await runs.list()].sort(([a], [b]) => a < b ? 1 : -1).slice(0, limit);
  const lines: RunLine[] = [];
  for (const [id, names] of texts) {
    try {
      const kept = await runs.run(id).manifest();
      if (kept === undefined) continue;
      const { manifest: { scored_at, model, supersedes, inputs, shards } } = kept;
      lines.push({
        run_id: id,
        status: statusOf(names.includes("complete.json"), names.includes("abandoned.json")),
        scored_at,
        model: `${model.name}/${model.version}`,
        ...(supersedes === undefined ? {} : { supersedes }),
        rows: inputs.reduce((sum, { rows }) => sum + rows, 0),
        shards: shards.length,
        shards_done: names.filter((name) => /^shard-\d+\.done\.json$/.test(name)).length,
      });
    } catch (error) {
      // One that cannot be read does not hide the others.
      if (!(error instanceof DependencyError) || error.code !== "run.state-unreadable") throw error;
      lines.push({ run_id: id, status: "unreadable" });
    }
  }
  return lines;
}

/** Reads all about a run. @throws {UsageError} `run.unknown` */
export async function reportRun(runs: Runs, id: string): Promise<RunReport> {
  const state = runs.run(id);
  const { manifest } = await knownRun(runs, state);
  const completion = await state.completion();
  const abandonment = await state.abandonment();
  const shards: ShardLine[] = [];
  for (const [shard, inputs] of manifest.shards.entries()) {
    const rows = inputs.reduce((sum, index) => sum + (manifest.inputs[index]?.rows ?? 0), 0);
    shards.push({ shard, rows, ...await standingOf(state, shard) });
  }
  return {
    status: statusOf(completion !== undefined, abandonment !== undefined),
    manifest,
    shards,
    ...(completion === undefined ? {} : { completion }),
    ...(abandonment === undefined ? {} : { abandonment }),
  };
}

/** The manifest of a run that there is. @throws {UsageError} `run.unknown` */
export async function knownRun(runs: Runs, state: RunState): Promise<KeptManifest> {
  const kept = await state.manifest();
  if (kept !== undefined) return kept;
  throw new UsageError({
    code: "run.unknown",
    cannot: `find run ${state.id}`,
    found: `${runs.uri} has no run of that id`,
    todo: "Name one that deno task inference runs list shows, and the right --run-state",
  });
}

async function standingOf(
  state: RunState,
  shard: number,
): Promise<Pick<ShardLine, "status" | "accepted" | "dead">> {
  const record: ShardRecord | undefined = await state.done(shard);
  if (record !== undefined) {
    return { status: "done", accepted: record.accepted, dead: record.dead };
  }
  return { status: await state.started(shard) ? "started" : "waiting" };
}

/** What is complete stays complete, even if somebody gave it up a moment before. */
function statusOf(complete: boolean, abandoned: boolean): Exclude<RunStatus, "unreadable"> {
  return complete ? "complete" : abandoned ? "abandoned" : "incomplete";
}
