/**
 * The training set as the kernel reads it: a record per row, with the codes of all its columns, its
 * label and its weight.
 *
 * @module
 */

import { breathe } from "../breathe.ts";
import type { TrainingSet } from "../forest.ts";
import { chooseEdges, sampleRows } from "../quantise.ts";
import type { Kernel } from "./kernel.ts";
import { BINARY, CLASSES } from "./layout.ts";
import { BLOCK_ROWS, type TrainingMemory } from "./memory.ts";

/** Blocks that are quantised before others have their turn. */
const BLOCKS_A_TURN = 16;

/**
 * Quantises the matrix and writes the records.
 *
 * @param weights One whole number a row; 1 unless given.
 * @returns The edges of each column's bins.
 */
export async function writeRecords(
  kernel: Kernel,
  training: TrainingMemory,
  set: TrainingSet,
  options: {
    readonly kind: number;
    readonly seed: number;
    readonly weights: Float64Array | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Float32Array[]> {
  const { memory: { buffer }, shared } = training;
  const { rows, columns } = set.matrix;
  const sample = sampleRows(rows, options.seed);
  const bins = new Uint8Array(buffer, shared.bins, columns.length);
  const bounded = new Uint8Array(buffer, shared.bounded, columns.length).fill(1);
  const edges: Float32Array[] = [];
  for (const [c, values] of columns.entries()) {
    await breathe(options.signal);
    const own = chooseEdges(values, sample);
    new Float32Array(buffer, shared.edges + 1024 * c, 256).fill(Infinity).set(own);
    bins[c] = own.length + 1;
    edges.push(own);
  }
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    if ((start / BLOCK_ROWS) % BLOCKS_A_TURN === 0) await breathe(options.signal);
    const count = Math.min(BLOCK_ROWS, rows - start);
    const block = new Float32Array(buffer, shared.block, count);
    const first = shared.records + start * shared.stride;
    for (const [c, values] of columns.entries()) {
      block.set(values.subarray(start, start + count));
      const at = shared.edges + 1024 * c;
      if (kernel.quantise(shared.block, count, at, first + c, shared.stride) !== 0) bounded[c] = 0;
    }
    const view = new DataView(buffer, first, count * shared.stride);
    writeEnds(view, shared.stride, set, options, start, count);
  }
  return edges;
}

function writeEnds(
  view: DataView,
  stride: number,
  { labels }: TrainingSet,
  { kind, weights }: { readonly kind: number; readonly weights: Float64Array | undefined },
  start: number,
  count: number,
): void {
  for (let i = 0, end = stride; i < count; i++, end += stride) {
    const label = labels[start + i] as number;
    if (kind === BINARY) {
      view.setUint32(end - 4, 1 | (label << 16), true);
      continue;
    }
    view.setUint32(end - 4, weights === undefined ? 1 : weights[start + i] as number, true);
    if (kind === CLASSES) view.setUint32(end - 8, label, true);
    else view.setFloat64(end - 12, label, true);
  }
}
