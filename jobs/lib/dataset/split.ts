/**
 * Divides labelled rows into those to train on and those held out.
 *
 * @module
 */
import { randomFrom, shuffle } from "./random.ts";
import type { Labels } from "./target.ts";

/** How to divide. */
export interface SplitOptions {
  /** Share of the rows to hold out: 0 to below 1. */
  readonly fraction: number;
  /** 32-bit; the same labels and options give the same split. */
  readonly seed: number;
}

/** Row numbers, ascending; no row is in both, and none without a label in either. */
export interface Split {
  /** To train on. */
  readonly train: Uint32Array;
  /** To measure on. */
  readonly test: Uint32Array;
}

/**
 * Splits the rows that have a label. Classes are split one by one, so that each has its share on both
 * sides; one with two rows or more is on both, one with a single row is trained on.
 *
 * @throws {RangeError} if the fraction is not in [0, 1)
 */
export function splitRows(labels: Labels, { fraction, seed }: SplitOptions): Split {
  if (!(fraction >= 0 && fraction < 1)) throw new RangeError(`fraction is ${fraction}`);
  const random = randomFrom(seed);
  const heldOut = new Uint8Array(labels.length);
  let tested = 0, labelled = 0;
  for (const rows of strata(labels)) {
    shuffle(rows, random);
    const wanted = Math.round(rows.length * fraction);
    const least = fraction > 0 && rows.length > 1 ? 1 : 0;
    const count = Math.min(Math.max(wanted, least), rows.length - 1);
    for (const row of rows.subarray(0, count)) heldOut[row] = 1;
    tested += count;
    labelled += rows.length;
  }
  const test = new Uint32Array(tested), train = new Uint32Array(labelled - tested);
  for (let row = 0, a = 0, b = 0; row < labels.length; row++) {
    if (heldOut[row]) test[a++] = row;
    else if (isLabelled(labels, row)) train[b++] = row;
  }
  return { train, test };
}

/** The rows of each class, or for regression all; rows without a label are in none. */
function strata(labels: Labels): Uint32Array[] {
  const byClass = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    if (!isLabelled(labels, row)) continue;
    const stratum = labels instanceof Int32Array ? labels[row] ?? 0 : 0;
    const rows = byClass.get(stratum);
    if (rows) rows.push(row);
    else byClass.set(stratum, [row]);
  }
  return [...byClass].sort(([a], [b]) => a - b).map(([, rows]) => Uint32Array.from(rows));
}

function isLabelled(labels: Labels, row: number): boolean {
  const label = labels[row] ?? NaN;
  return labels instanceof Int32Array ? label >= 0 : !Number.isNaN(label);
}
