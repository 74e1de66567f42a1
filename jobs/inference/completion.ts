/**
 * The end of a run: all shards are done, their counts add up, and everybody who waits is told once.
 *
 * A shard is known to be done by its mark, which is written after its last transaction is committed.
 * Reading the marks instead of all progress takes no right to the progress of others, is not held up
 * by their open transactions, and holds after offsets have expired. Whoever finishes a shard writes
 * its mark before it looks at the others', so the last one sees them all; if two do, the record is
 * created once and the message has a transactional id of its own.
 *
 * @module
 */

import { DependencyError } from "../lib/errors.ts";
import type { CompletedRun } from "../lib/publishing/mod.ts";
import {
  checkAbandoned,
  type Completion,
  type Manifest,
  type RunState,
  type ShardRecord,
} from "./runs/mod.ts";
import type { DataSummary } from "./survey/mod.ts";

/** How far a run is. */
export interface Completed {
  /** The record that counts. */
  readonly completion: Completion | undefined;
  /** Shards that are not done. */
  readonly waiting: readonly number[];
  /** What the data looked like, if the run is complete. */
  readonly data?: DataSummary | undefined;
}

/**
 * Completes the run if all its shards are done.
 *
 * @param look says what the data looked like, once all of it is published
 * @param announce publishes the record of the run; safe to repeat
 * @returns the record that counts, or the shards that are not done
 * @throws {DependencyError} `run.counts-differ`
 */
export async function completeRun(
  manifest: Manifest,
  state: RunState,
  look: () => Promise<DataSummary | undefined>,
  announce: (run: CompletedRun) => Promise<void>,
): Promise<Completed> {
  const records: ShardRecord[] = [];
  const waiting: number[] = [];
  for (const shard of manifest.shards.keys()) {
    const record = await state.done(shard);
    if (record === undefined) waiting.push(shard);
    else records.push(record);
  }
  if (waiting.length > 0) return { completion: undefined, waiting };
  const run = completedRun(manifest, records);
  const data = await look();
  // As late as can be: who has given the run up was told that it is not going to be announced.
  await checkAbandoned(state);
  await announce(run);
  const completion = await state.complete({
    status: "complete",
    ...run,
    sink: manifest.sink.uri,
    ...(data === undefined ? {} : { data }),
    shards: records.map(({ shard, accepted, dead, attempt }) => ({
      shard,
      accepted,
      dead,
      attempt,
    })),
  });
  return { completion, waiting, data };
}

function completedRun(manifest: Manifest, records: readonly ShardRecord[]): CompletedRun {
  const { run_id, supersedes, model, scored_at, inputs } = manifest;
  const rows = inputs.reduce((sum, input) => sum + input.rows, 0);
  const accepted = records.reduce((sum, record) => sum + record.accepted, 0);
  const dead = records.reduce((sum, record) => sum + record.dead, 0);
  if (accepted + dead !== rows) {
    throw new DependencyError({
      code: "run.counts-differ",
      cannot: `complete run ${run_id}`,
      found: `its shards have published ${accepted} rows and ${dead} dead letters, which is not ` +
        `the ${rows} rows of its inputs`,
      todo: "Somebody has changed its state; abandon it, and replay it as a new run",
    });
  }
  return {
    run_id,
    ...(supersedes === undefined ? {} : { supersedes }),
    model: { name: model.name, version: model.version },
    scored_at,
    rows,
    accepted,
    dead,
    inputs: inputs.map(({ path, rows }) => ({ path, rows })),
  };
}
