/**
 * What the trees of a forest depend on, as one hash.
 *
 * @module
 */

import type { ForestOptions, TrainingSet } from "../forest.ts";
import { sha256 } from "./block.ts";

/**
 * Hashes the training set, the hyperparameters that decide the trees, and what grows them.
 *
 * @param kernel Bytes of the kernel: another one might grow other trees.
 * @param identity What else must be the same, such as the schema.
 * @returns 32 bytes
 */
export async function fingerprintOf(
  set: TrainingSet,
  options: ForestOptions,
  kernel: Uint8Array,
  identity: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { threads: _, ...deciding } = options;
  const sorted = Object.entries(deciding).sort(([a], [b]) => a < b ? -1 : 1);
  const { matrix, classes } = set;
  const text = JSON.stringify([identity, matrix.rows, matrix.names, classes, sorted]);
  const parts = [await sha256(new TextEncoder().encode(text)), await sha256(bytesOf(kernel))];
  for (const values of [set.labels, set.weights ?? new Float32Array(), ...matrix.columns]) {
    parts.push(await sha256(bytesOf(values)));
  }
  return await sha256(new Uint8Array(await new Blob(parts).arrayBuffer()));
}

function bytesOf(values: ArrayBufferView): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = values;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}
