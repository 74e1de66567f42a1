/**
 * The scoring loop: batches of rows become transactions of messages, in the manifest's order.
 *
 * @module
 */

import type { Context } from "../lib/command.ts";
import { type Batch, type Dataset, keysOf } from "../lib/dataset/mod.ts";
import { DataError } from "../lib/errors.ts";
import { startProgress } from "../lib/progress.ts";
import {
  type Message,
  messageWriter,
  type Progress,
  type Sink,
} from "../lib/publishing/mod.ts";
import type { Scorer } from "./model.ts";
import type { scoreOptions } from "./options.ts";
import type { Manifest } from "./run_state.ts";

/** What a run needs to publish. */
export interface Publication {
  readonly manifest: Manifest;
  readonly dataset: Dataset;
  /** Columns to read. */
  readonly columns: readonly string[];
  readonly scorer: Scorer;
  readonly sink: Sink;
  /** Where an earlier attempt got to. */
  readonly begun: Progress;
}

/**
 * Scores and publishes what is not published yet.
 *
 * @returns the progress after the last transaction, which says `done`
 */
export async function publishPredictions(
  { manifest, dataset, columns, scorer, sink, begun }: Publication,
  { values, log, signal, terminal }: Context<typeof scoreOptions>,
): Promise<Progress> {
  if (begun.done) return begun;
  const files = manifest.inputs.map((input) => input.path);
  const total = manifest.inputs.reduce((rows, input) => rows + input.rows, 0);
  const shown = startProgress("publishing predictions", log, terminal);
  let progress: Progress = begun;
  try {
    const batches = dataset.batches({
      columns,
      files,
      fromRow: begun.row,
      batchRows: values.batchSize,
    });
    for await (const batch of batches) {
      signal.throwIfAborted();
      const { messages, dead } = predictionsOf(batch, manifest, scorer);
      const row = progress.row + batch.rows;
      progress = {
        row,
        accepted: progress.accepted + messages.length,
        dead: progress.dead + dead.length,
        done: row === total,
      };
      await sink.publish({ messages, deadLetters: dead, progress });
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

function predictionsOf(
  batch: Batch,
  manifest: Manifest,
  scorer: Scorer,
): { messages: Message[]; dead: Message[] } {
  const outputs = scorer.score(batch);
  const column = manifest.key_column ?? scorer.schema.key;
  const keys = column === undefined ? undefined : keysOf(batch, column);
  const input = inputKey(manifest.data, batch.file);
  const writer = messageWriter(manifest, scorer.schema.target, input);
  const messages: Message[] = [];
  const dead: Message[] = [];
  for (let index = 0; index < batch.rows; index++) {
    const row = batch.firstRow + index;
    const key = keys?.[index];
    if (key === null) {
      dead.push(writer.deadLetter(row, undefined, `the key column ${column} has no value`));
    } else messages.push(writer.prediction(row, key, outputs, index));
  }
  return { messages, dead };
}

/** Names an input wherever its folder is mounted: the path below the data's folder. */
function inputKey(data: string, file: string): string {
  const folder = data.replace(/\/+$/, "") + "/";
  return file.startsWith(folder) ? file.slice(folder.length) : file.split("/").at(-1) ?? file;
}
