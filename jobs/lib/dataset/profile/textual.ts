/**
 * What a column of strings holds.
 *
 * @module
 */
import { MISSING_STRING, type StringColumn } from "../column.ts";
import { DistinctSketch } from "./distinct.ts";
import { FrequentValues } from "./frequent.ts";
import { hashesOf } from "./hash.ts";
import { mergeMoments, type Moments, momentsOf, NO_MOMENTS } from "./moments.ts";

/** See the module; grows by batches and merges. */
export class TextualProfile {
  /** Rows with a value. */
  present = 0;
  /** Rows without. */
  missing = 0;
  /** Of the values' lengths in UTF-16 code units. */
  lengths: Moments = NO_MOMENTS;
  /** The most frequent values. */
  readonly frequent: FrequentValues;
  /** Of all values. */
  readonly distinct: DistinctSketch;

  /** Empty, or with the summaries of a stored profile. */
  constructor(frequent = new FrequentValues(), distinct = new DistinctSketch()) {
    this.frequent = frequent;
    this.distinct = distinct;
  }

  /** Takes the rows of a batch. */
  add({ codes, dictionary }: StringColumn): void {
    const { counts, present } = counted(codes, dictionary.length);
    const { firsts, seconds } = hashesOf(dictionary);
    const lengths = new Float64Array(dictionary.length);
    for (let code = 0; code < dictionary.length; code++) {
      const count = counts[code] ?? 0;
      if (count === 0) continue;
      const value = dictionary[code] ?? "";
      lengths[code] = value.length;
      this.frequent.add(value, count);
      this.distinct.addWords(firsts[code] ?? 0, seconds[code] ?? 0);
    }
    this.present += present;
    this.missing += codes.length - present;
    this.lengths = mergeMoments(this.lengths, momentsOf(lengths, counts));
  }

  /** Takes all that another profile has seen. */
  merge(other: TextualProfile): void {
    this.present += other.present;
    this.missing += other.missing;
    this.lengths = mergeMoments(this.lengths, other.lengths);
    this.frequent.merge(other.frequent);
    this.distinct.merge(other.distinct);
  }
}

function counted(codes: Int32Array, size: number): { counts: Uint32Array; present: number } {
  const counts = new Uint32Array(size), rows = codes.length;
  let present = 0;
  for (let row = 0; row < rows; row++) {
    const code = codes[row] ?? MISSING_STRING;
    if (code === MISSING_STRING) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    present++;
  }
  return { counts, present };
}
