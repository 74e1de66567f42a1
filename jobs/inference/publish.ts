/**
 * The scoring loop of one shard: batches of rows become transactions of messages, in the manifest's
 * order.
 *
 * @module
 */

import { type Batch, keysOf } from "../lib/dataset/mod.ts";
import { DataError } from "../lib/errors.ts";
import { startProgress } from "../lib/progress.ts";
import { type Message, messageWriter, type Progress, type Sink } from "../lib/publishing/mod.ts";
import { type Clock, type DeliveryStatistics, oneAhead, type RateLimit } from "./delivery/mod.ts";
import type { Material } from "./material.ts";
import type { ScoreContext } from "./options.ts";
import { inputKey, type Manifest } from "./runs/mod.ts";

/** What a shard needs to publish. */
export interface Publication {
  readonly manifest: Manifest;
  /** From 0. */
  readonly shard: number;
  readonly material: Material;
  readonly sink: Sink;
  /** Where an earlier attempt got to. */
  readonly begun: Progress;
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
  const { dataset, columns } = publication.material;
  if (begun.done) return begun;
  const inputs = inputsOf(manifest, shard);
  const total = inputs.reduce((rows, input) => rows + input.rows, 0);
  const shown = startProgress("publishing predictions", log, terminal);
  let progress = begun;
  try {
    const batches = dataset.batches({
      columns,
      files: inputs.map((input) => input.path),
      fromRow: begun.row,
      // A slow stream is to be even, not a burst a minute.
      batchRows: Math.min(values.batchSize, values.rateLimit ?? Infinity),
    });
    for await (const { rows, messages, dead, deadRows } of oneAhead(scored(batches, publication))) {
      signal.throwIfAborted();
      await limit.take(rows, signal);
      await publication.before();
      const row = progress.row + rows;
      progress = {
        row,
        accepted: progress.accepted + messages.length,
        dead: progress.dead + dead.length,
        done: row === total,
      };
      const handed = clock.now();
      await sink.publish({ messages, deadLetters: dead, deadRows, progress });
      statistics.published(rows, clock.now() - handed);
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
    await sink.publish({ messages: [], deadLetters: [], progress });
  }
  return progress;
}

/** The inputs of a shard, in the order in which they are scored. */
export function inputsOf({ inputs, shards }: Manifest, shard: number): Manifest["inputs"] {
  return (shards[shard] ?? []).flatMap((index) => inputs[index] ?? []);
}

/** A batch on its way out. */
interface Scored {
  readonly rows: number;
  readonly messages: Message[];
  readonly dead: Message[];
  /** Which rows of the batch the dead letters are. */
  readonly deadRows: number[];
}

async function* scored(
  batches: AsyncIterable<Batch>,
  publication: Publication,
): AsyncGenerator<Scored> {
  for await (const batch of batches) yield await predictionsOf(batch, publication);
}

async function predictionsOf(
  batch: Batch,
  { manifest, material: { scorer } }: Publication,
): Promise<Scored> {
  const outputs = await scorer.score(batch);
  const column = manifest.key_column ?? scorer.schema.key;
  const keys = column === undefined ? undefined : keysOf(batch, column);
  const input = inputKey(manifest.data, batch.file);
  const writer = messageWriter(manifest, scorer.schema.target, input);
  const messages: Message[] = [];
  const dead: Message[] = [];
  const deadRows: number[] = [];
  for (let index = 0; index < batch.rows; index++) {
    const row = batch.firstRow + index;
    const key = keys?.[index];
    if (key === null) {
      deadRows.push(index);
      dead.push(writer.deadLetter(row, undefined, `the key column ${column} has no value`));
    } else if (outputs.some((output) => !Number.isFinite(output[index]))) {
      deadRows.push(index);
      dead.push(writer.deadLetter(row, key, "the model gives no number for it"));
    } else messages.push(writer.prediction(row, key, outputs, index));
  }
  return { rows: batch.rows, messages, dead, deadRows };
}
