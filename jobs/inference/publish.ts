/**
 * The scoring loop of one shard: batches of rows become transactions of messages, in the manifest's
 * order.
 *
 * @module
 */

import type { Batch, BrokenRows, PackedKeys, ViolationPolicy } from "../lib/dataset/mod.ts";
import { DataError } from "../lib/errors.ts";
import { startProgress } from "../lib/progress.ts";
import {
  type MessageWriter,
  messageWriter,
  PackedMessages,
  type Progress,
  type Sink,
  type Transaction,
} from "../lib/publishing/mod.ts";
import { type Clock, type DeliveryStatistics, oneAhead, type RateLimit } from "./delivery/mod.ts";
import type { Material } from "./material.ts";
import type { ScoreContext } from "./options.ts";
import { inputKey, type Manifest } from "./runs/mod.ts";
import { areFinite, sampleOf, type Survey } from "./survey/mod.ts";

/** What a shard needs to publish. */
export interface Publication {
  readonly manifest: Manifest;
  /** From 0. */
  readonly shard: number;
  readonly material: Material;
  readonly sink: Sink;
  /** Where an earlier attempt got to. */
  readonly begun: Progress;
  /** Takes what the rows look like; undefined for a model without a baseline. */
  readonly survey: Survey | undefined;
  /** What a row does that breaks a rule by itself. */
  readonly onViolation: ViolationPolicy;
  readonly limit: RateLimit;
  readonly statistics: DeliveryStatistics;
  readonly clock: Clock;
  /** Called before each transaction; throws if there must not be another. */
  readonly before: () => Promise<void>;
  /** Called after each transaction. */
  readonly after: () => void;
}

/**
 * Scores and publishes what is not published yet. While a transaction is on its way, the next batch
 * is read and scored, and no more than that.
 *
 * @returns the progress after the last transaction, which says `done`
 */
export async function publishShard(
  publication: Publication,
  { values, log, signal, terminal }: ScoreContext,
): Promise<Progress> {
  const { manifest, shard, sink, begun, limit, statistics, clock } = publication;
  const { dataset, columns, keyColumn } = publication.material;
  if (begun.done) return begun;
  const inputs = inputsOf(manifest, shard);
  const total = inputs.reduce((rows, input) => rows + input.rows, 0);
  const shown = startProgress("publishing predictions", log, terminal);
  let progress = begun;
  try {
    const batches = dataset.batches({
      columns,
      ...(keyColumn === undefined ? {} : { keyColumn }),
      files: inputs.map((input) => input.path),
      fromRow: begun.row,
      // A slow stream is to be even, not a burst a minute.
      batchRows: Math.min(values.batchSize, values.rateLimit ?? Infinity),
    });
    for await (const { rows, writer, ...written } of oneAhead(scored(batches, publication))) {
      signal.throwIfAborted();
      await limit.take(rows, signal);
      await publication.before();
      const row = progress.row + rows;
      progress = {
        row,
        accepted: progress.accepted + written.messages.length,
        dead: progress.dead + written.deadLetters.length,
        done: row === total,
      };
      const handed = clock.now();
      await sink.publish({ ...written, progress });
      statistics.published(rows, clock.now() - handed);
      writer.reuse(written.messages);
      publication.after();
      shown.update(row, total);
    }
  } finally {
    shown.end();
  }
  if (progress.row !== total) {
    throw new DataError({
      code: "run.input-changed",
      cannot: `finish run ${manifest.run_id}`,
      found: `${progress.row} rows were read instead of ${total}`,
      todo: "Leave the input alone while it is scored, and run the same command again",
      place: { file: manifest.data },
    });
  }
  if (!progress.done) {
    // Without a row there was no batch to carry it.
    progress = { ...progress, done: true };
    await sink.publish({ messages: NONE, deadLetters: NONE, progress });
  }
  return progress;
}

/** The inputs of a shard, in the order in which they are scored. */
export function inputsOf({ inputs, shards }: Manifest, shard: number): Manifest["inputs"] {
  return (shards[shard] ?? []).flatMap((index) => inputs[index] ?? []);
}

const NONE = PackedMessages.of([]);

/** A batch on its way out. */
interface Scored extends Omit<Transaction, "progress"> {
  readonly rows: number;
  /** Whose messages they are. */
  readonly writer: MessageWriter;
}

async function* scored(
  batches: AsyncIterable<Batch>,
  publication: Publication,
): AsyncGenerator<Scored> {
  const { manifest, material: { scorer, watch }, onViolation, begun } = publication;
  let writer: MessageWriter | undefined;
  let file: string | undefined;
  let first = begun.row;
  for await (const batch of batches) {
    if (writer === undefined || batch.file !== file) {
      file = batch.file;
      writer = messageWriter(manifest, scorer.schema.target, inputKey(manifest.data, file));
    }
    const outputs = await scorer.score(batch);
    const broken = watch?.plan.rules?.check(batch);
    if (onViolation === "fail" && broken !== undefined && broken.rejected.size > 0) {
      throw rowRejected(batch, broken, manifest);
    }
    const aside = onViolation === "quarantine" ? broken?.rejected : undefined;
    observe(batch, first, outputs, broken, publication);
    yield messagesOf(batch, outputs, aside, publication, writer);
    first += batch.rows;
  }
}

/** @param first the shard's number of the batch's first row */
function observe(
  batch: Batch,
  first: number,
  outputs: readonly Float32Array[],
  broken: BrokenRows | undefined,
  { material: { watch }, survey, onViolation }: Publication,
): void {
  if (watch === undefined || survey === undefined) return;
  survey.judged(batch.rows, broken);
  const rows = watch.plan.sample(first, batch.rows);
  if (rows.length === 0) return;
  const looked = sampleOf(batch, outputs, rows);
  const aside = onViolation === "quarantine" ? broken?.rejected : undefined;
  survey.looked(looked.sample, looked.outputs, (index) => aside?.has(rows[index] ?? 0) === true);
}

/** @param aside rows that are put aside, with the reasons */
function messagesOf(
  { rows, firstRow, keys }: Batch,
  outputs: readonly Float32Array[],
  aside: ReadonlyMap<number, string> | undefined,
  { material: { keyColumn } }: Publication,
  writer: MessageWriter,
): Scored {
  const deadRows: number[] = [];
  for (let index = 0; index < rows; index++) {
    const reason = aside?.get(index);
    if (keys !== undefined && keys.offsets[index] === keys.offsets[index + 1]) {
      deadRows.push(index);
      writer.deadLetter(firstRow + index, undefined, `the key column ${keyColumn} has no value`);
    } else if (reason !== undefined) {
      deadRows.push(index);
      writer.deadLetter(firstRow + index, keyAt(keys, index), reason);
    } else if (!areFinite(outputs, index)) {
      deadRows.push(index);
      writer.deadLetter(firstRow + index, keyAt(keys, index), "the model gives no number for it");
    } else writer.prediction(firstRow + index, keys, outputs, index);
  }
  return { rows, writer, deadRows, ...writer.take() };
}

function rowRejected(
  { file, firstRow }: Batch,
  { rejected }: BrokenRows,
  { run_id }: Manifest,
): DataError {
  const row = Math.min(...rejected.keys());
  const others = rejected.size - 1;
  return new DataError({
    code: "data.row-rejected",
    cannot: `go on with run ${run_id}`,
    found: `row ${firstRow + row} of ${file} breaks a rule: ${rejected.get(row)}` +
      (others === 0 ? "" : `; so do ${others} of the next rows`),
    todo:
      "Abandon the run, and score the corrected data as a new one, or this with --on-violation " +
      "quarantine",
    place: { file, row: firstRow + row, option: "--on-violation" },
  });
}

function keyAt(keys: PackedKeys | undefined, index: number): string | undefined {
  if (keys === undefined) return undefined;
  return decoder.decode(keys.bytes.subarray(keys.offsets[index], keys.offsets[index + 1]));
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
