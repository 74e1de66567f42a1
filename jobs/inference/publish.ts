/**
 * The scoring loop of one shard: batches of rows become transactions of messages, in the manifest's
 * order.
 *
 * @module
 */

import type { Batch, PackedKeys } from "../lib/dataset/mod.ts";
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
  const { manifest, material } = publication;
  const { target } = material.scorer.schema;
  let writer: MessageWriter | undefined;
  let file: string | undefined;
  for await (const batch of batches) {
    if (writer === undefined || batch.file !== file) {
      file = batch.file;
      writer = messageWriter(manifest, target, inputKey(manifest.data, file));
    }
    yield await predictionsOf(batch, material, writer);
  }
}

async function predictionsOf(
  batch: Batch,
  { scorer, keyColumn }: Material,
  writer: MessageWriter,
): Promise<Scored> {
  const outputs = await scorer.score(batch);
  const { rows, firstRow, keys } = batch;
  const deadRows: number[] = [];
  for (let index = 0; index < rows; index++) {
    if (keys !== undefined && keys.offsets[index] === keys.offsets[index + 1]) {
      deadRows.push(index);
      const reason = `the key column ${keyColumn} has no value`;
      writer.deadLetter(firstRow + index, undefined, reason);
    } else if (outputs.some((output) => !Number.isFinite(output[index]))) {
      deadRows.push(index);
      writer.deadLetter(firstRow + index, keyAt(keys, index), "the model gives no number for it");
    } else writer.prediction(firstRow + index, keys, outputs, index);
  }
  return { rows, writer, deadRows, ...writer.take() };
}

function keyAt(keys: PackedKeys | undefined, index: number): string | undefined {
  if (keys === undefined) return undefined;
  return decoder.decode(keys.bytes.subarray(keys.offsets[index], keys.offsets[index + 1]));
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
