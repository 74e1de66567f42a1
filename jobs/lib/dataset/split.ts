/**
 * Divides labelled rows into those to train on and those held out.
 *
 * @module
 */
import { DataError } from "../errors.ts";
import { columnMissing } from "./closest.ts";
import type { Batch } from "./column.ts";
import { keysOf } from "./keys.ts";
import { numbersOf } from "./profile/mod.ts";
import { randomFrom, shuffle } from "./random.ts";
import type { Labels } from "./features/mod.ts";

/** What the division goes by. */
export type SplitBy = "stratified" | "random" | "group" | "time";

/** How to divide. */
export interface SplitOptions {
  /** Share of the rows to hold out: 0 to below 1. */
  readonly fraction: number;
  /** 32-bit; the same labels and options give the same split. */
  readonly seed: number;
  /**
   * `stratified` unless told: each class has its share on both sides. `random`: all rows alike. `group`:
   * rows with the same value of {@linkcode SplitOptions.column} are on one side. `time`: the latest
   * rows by that column are held out.
   */
  readonly by?: SplitBy | undefined;
  /** Column of groups or times. */
  readonly column?: string | undefined;
}

/** Row numbers, ascending; no row is in both, and none without a label in either. */
export interface Split {
  /** To train on. */
  readonly train: Uint32Array;
  /** To measure on. */
  readonly test: Uint32Array;
}

/**
 * Splits the rows that have a label. Of several rows in a class, or for `random` at all, at least one
 * is held out and one trained on. Rows without a group or time are trained on.
 *
 * @param table Has the column of groups or times; a row for each label.
 * @throws {RangeError} if the fraction is not in [0, 1)
 * @throws {DataError} `data.column-missing`, `data.split-column`
 */
export function splitRows(labels: Labels, options: SplitOptions, table?: Batch): Split {
  const { fraction, seed, by = "stratified" } = options;
  if (!(fraction >= 0 && fraction < 1)) throw new RangeError(`fraction is ${fraction}`);
  const heldOut = new Uint8Array(labels.length);
  const random = randomFrom(seed);
  if (fraction === 0) { /* All are trained on. */ }
  else if (by === "time") holdOutLatest(heldOut, labels, fraction, timesOf(table, options));
  else if (by === "group") {
    holdOutGroups(heldOut, labels, fraction, groupsOf(table, options), random);
  } else {
    for (const rows of strata(labels, by === "stratified")) {
      shuffle(rows, random);
      const wanted = Math.max(Math.round(rows.length * fraction), rows.length > 1 ? 1 : 0);
      for (const row of rows.subarray(0, Math.min(wanted, rows.length - 1))) heldOut[row] = 1;
    }
  }
  const rows = Uint32Array.from(labels.keys()).filter((row) => isLabelled(labels, row));
  return {
    train: rows.filter((row) => heldOut[row] === 0),
    test: rows.filter((row) => heldOut[row] === 1),
  };
}

/** The latest rows, as near to the share as equal times, which stay together, allow. */
function holdOutLatest(
  heldOut: Uint8Array,
  labels: Labels,
  fraction: number,
  times: Float64Array,
): void {
  const known = times.filter((time, row) => isLabelled(labels, row) && !Number.isNaN(time)).sort();
  const from = known[known.length - Math.max(1, Math.round(known.length * fraction))];
  const first = known[0];
  if (from === undefined || first === undefined) return;
  for (const [row, time] of times.entries()) {
    if (from > first ? time >= from : time > first) heldOut[row] = 1;
  }
}

/** Groups in a random order, until the share is reached; at least one group is trained on. */
function holdOutGroups(
  heldOut: Uint8Array,
  labels: Labels,
  fraction: number,
  groups: readonly (string | null)[],
  random: () => number,
): void {
  const byName = new Map<string, number[]>();
  let total = 0;
  for (const [row, group] of groups.entries()) {
    if (group === null || !isLabelled(labels, row)) continue;
    total++;
    const rows = byName.get(group);
    if (rows === undefined) byName.set(group, [row]);
    else rows.push(row);
  }
  // By name: their order in the data may change with its files.
  const names = [...byName.keys()].sort();
  const order = Uint32Array.from(names.keys());
  shuffle(order, random);
  let held = 0;
  for (const index of order.subarray(0, order.length - 1)) {
    const rows = byName.get(names[index] ?? "") ?? [];
    // Never farther from the share than without the group, but for the first.
    if (held > 0 && Math.abs(held + rows.length - fraction * total) > fraction * total - held) {
      continue;
    }
    for (const row of rows) heldOut[row] = 1;
    held += rows.length;
    if (held >= fraction * total) return;
  }
}

/** The rows of each class, or all; rows without a label are in none. */
function strata(labels: Labels, byClass: boolean): Uint32Array[] {
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    if (!isLabelled(labels, row)) continue;
    const stratum = byClass && labels instanceof Int32Array ? labels[row] ?? 0 : 0;
    const rows = rowsOf.get(stratum);
    if (rows) rows.push(row);
    else rowsOf.set(stratum, [row]);
  }
  return [...rowsOf].sort(([a], [b]) => a - b).map(([, rows]) => Uint32Array.from(rows));
}

function isLabelled(labels: Labels, row: number): boolean {
  const label = labels[row] ?? NaN;
  return labels instanceof Int32Array ? label >= 0 : !Number.isNaN(label);
}

function groupsOf(table: Batch | undefined, options: SplitOptions): (string | null)[] {
  const { batch, name } = columnOf(table, options);
  return keysOf(batch, name);
}

function timesOf(table: Batch | undefined, options: SplitOptions): Float64Array {
  const { batch, name } = columnOf(table, options);
  const column = batch.columns.find((each) => each.name === name);
  if (column !== undefined && column.kind !== "string") return numbersOf(column);
  throw new DataError({
    code: "data.split-column",
    cannot: "split the rows by time",
    found: `column ${name} is ${column?.type}, which has no order in time`,
    todo: "Name a column of timestamps, dates or numbers as --time-column",
    place: { column: name },
  });
}

function columnOf(
  table: Batch | undefined,
  { by, column }: SplitOptions,
): { readonly batch: Batch; readonly name: string } {
  if (table === undefined || column === undefined) {
    throw new TypeError(`a split by ${by} needs a table and a column`);
  }
  const names = table.columns.map(({ name }) => name);
  if (names.includes(column)) return { batch: table, name: column };
  throw new DataError(columnMissing("data.column-missing", `${by} column`, column, names));
}
