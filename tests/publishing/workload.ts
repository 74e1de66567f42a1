/** A small run whose every message says which row it is, so that a reader can account for all. */
import { packKeys } from "../../jobs/lib/dataset/mod.ts";
import {
  messageWriter,
  parseDeadLetter,
  parsePrediction,
  type Progress,
  type ShardIdentity,
  type Sink,
} from "../../jobs/lib/publishing/mod.ts";

export const ROWS = 40;
const ROWS_PER_TRANSACTION = 10;
/** Another attempt may cut the rows into other transactions. */
export const RESUMED_ROWS_PER_TRANSACTION = 7;
const KEYS = 8;

export function identityOf(run: string): ShardIdentity {
  return {
    environment: "test",
    pipeline: "publishing",
    run,
    shard: 0,
    manifest: `manifest-${run}`,
  };
}

/** Publishes the rest of a run, and its completion. */
export async function publishRun(
  sink: Sink,
  run: string,
  rows: number = ROWS_PER_TRANSACTION,
): Promise<Progress> {
  let progress: Progress = await sink.open(identityOf(run));
  while (!progress.done) progress = await publishNext(sink, run, progress, rows);
  await sink.complete({
    run_id: run,
    model: MODEL,
    scored_at: SCORED_AT,
    rows: progress.row,
    accepted: progress.accepted,
    dead: progress.dead,
    inputs: [{ path: "input", rows: ROWS }],
  });
  return progress;
}

/** Publishes one transaction. */
export async function publishNext(
  sink: Sink,
  run: string,
  before: Progress,
  rows: number = ROWS_PER_TRANSACTION,
): Promise<Progress> {
  const write = messageWriter(
    { run_id: run, model: MODEL, scored_at: SCORED_AT },
    { objective: "regression", label: "row" },
    "input",
  );
  const end = Math.min(ROWS, before.row + rows);
  for (let row = before.row; row < end; row++) {
    const key = `key-${row % KEYS}`;
    if (isDead(row)) write.deadLetter(row, key, "on purpose");
    else write.prediction(row, packKeys([key]), [Float32Array.of(row)], 0);
  }
  const { messages, deadLetters } = write.take();
  const progress = {
    row: end,
    accepted: before.accepted + messages.length,
    dead: before.dead + deadLetters.length,
    done: end === ROWS,
  };
  await sink.publish({ messages, deadLetters, progress });
  return progress;
}

/** What a reader has to find, in any order. */
export const EXPECTED = {
  rows: allRows().filter((row) => !isDead(row)),
  deadRows: allRows().filter(isDead),
};

/** A record as a reader that is not ours sees it. */
export interface Read {
  readonly key: string;
  readonly value: string;
}

/** The rows of a run among all that was read: sorted, with those that came twice. */
export function rowsOf(run: string, read: readonly Read[]): number[] {
  return read.map(({ value }) => parsePrediction(value))
    .filter((value) => value.run_id === run)
    .map((value) => Number(value.prediction))
    .sort((a, b) => a - b);
}

/** As `rowsOf`, of dead letters. */
export function deadRowsOf(run: string, read: readonly Read[]): number[] {
  return read.map(({ value }) => parseDeadLetter(value))
    .filter((value) => value.run_id === run)
    .map((value) => value.row)
    .sort((a, b) => a - b);
}

/** Keys of a run whose rows were read in another order than they were published. */
export function disorderedKeys(run: string, read: readonly Read[]): string[] {
  const last = new Map<string, number>();
  const wrong = new Set<string>();
  for (const { key, value } of read) {
    const { run_id, prediction } = parsePrediction(value);
    if (run_id !== run) continue;
    if (Number(prediction) <= (last.get(key) ?? -1)) wrong.add(key);
    last.set(key, Number(prediction));
  }
  return [...wrong];
}

const MODEL = { name: "rows", version: "1" };
const SCORED_AT = "2013-10-01T00:00:00Z";

function allRows(): number[] {
  return Array.from({ length: ROWS }, (_, row) => row);
}

function isDead(row: number): boolean {
  return row % 7 === 3;
}
