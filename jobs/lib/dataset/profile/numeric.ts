/**
 * What a column of numbers, booleans or timestamps holds.
 *
 * @module
 */
import type { BooleanColumn, NumberColumn, TimestampColumn } from "../column.ts";
import { MISSING_BOOLEAN, MISSING_TIMESTAMP } from "../column.ts";
import { countsOf, momentsOfCounts } from "./counts.ts";
import { DistinctSketch } from "./distinct.ts";
import { longsAsNumbers } from "../longs.ts";
import {
  type Extent,
  extentOf,
  mergeMoments,
  type Moments,
  momentsWithin,
  NO_MOMENTS,
} from "./moments.ts";
import { BUFFER, type Counts, QuantileSketch } from "./quantiles.ts";
import { isAscending } from "./sort.ts";

/** Columns whose values are numbers: booleans as 0 and 1, timestamps as microseconds since 1970. */
export type NumericColumn = NumberColumn | BooleanColumn | TimestampColumn;

/** A power of two. */
const RECENT = 4_096;
const NONE_RECENT = Int32Array.from(
  { length: 2 * RECENT },
  (_, i) => i % 2 === 0 ? i / 2 ^ 1 : 0,
);

/** See the module; grows by batches and merges. */
export class NumericProfile {
  /** Rows with a value, infinite ones among them. */
  present = 0;
  /** Rows without. */
  missing = 0;
  /** Rows with an infinite value. */
  infinite = 0;
  /** Rows with a value that is not whole. */
  fractional = 0;
  /** Of the finite values. */
  moments: Moments = NO_MOMENTS;
  /** Of the finite values. */
  readonly quantiles: QuantileSketch;
  /** Of all values. */
  readonly distinct: DistinctSketch;

  /** Values that are in `distinct`, each at its place; at first one that belongs to another place. */
  readonly #recent = NONE_RECENT.slice();

  /** Empty, or with the sketches of a stored profile. */
  constructor(quantiles = new QuantileSketch(), distinct = new DistinctSketch()) {
    this.quantiles = quantiles;
    this.distinct = distinct;
  }

  /** Takes the rows of a batch. */
  add(column: NumericColumn): void {
    const values = numbersOf(column);
    const exact = column.kind === "number" ? column.exact : undefined;
    const extent = extentOf(values);
    this.missing += extent.missing;
    this.present += values.length - extent.missing;
    this.infinite += extent.infinite;
    this.fractional += extent.fractional;
    const counts = countsOf(values, extent);
    if (counts === undefined) this.#addEach(values, extent, exact);
    else this.#addCounted(counts, extent, exact !== undefined);
  }

  /** Takes all that another profile has seen. */
  merge(other: NumericProfile): void {
    this.present += other.present;
    this.missing += other.missing;
    this.infinite += other.infinite;
    this.fractional += other.fractional;
    this.moments = mergeMoments(this.moments, other.moments);
    this.quantiles.merge(other.quantiles);
    this.distinct.merge(other.distinct);
  }

  /** Hashes each value but those that came just before: a sketch of distinct values takes none twice. */
  #addDistinct(values: Float64Array, exact: NumberColumn["exact"]): void {
    const { buffer, byteOffset, length } = exact ?? values;
    const words = new Int32Array(buffer, byteOffset, length * 2);
    const recent = this.#recent;
    for (let row = 0; row < length; row++) {
      const value = values[row] ?? NaN;
      if (value !== value) continue;
      // -0 is 0.
      const low = value === 0 ? 0 : words[2 * row] ?? 0,
        high = value === 0 ? 0 : words[2 * row + 1] ?? 0;
      const at = 2 * ((low ^ (high >>> 6) ^ (high >>> 18)) & (RECENT - 1));
      if (recent[at] === low && recent[at + 1] === high) continue;
      recent[at] = low;
      recent[at + 1] = high;
      this.distinct.addLong(low, high);
    }
  }

  #addEach(values: Float64Array, extent: Extent, exact: NumberColumn["exact"]): void {
    this.moments = mergeMoments(this.moments, momentsWithin(extent, values));
    const areAll = extent.count === values.length && extent.count >= BUFFER;
    if (areAll && isAscending(values)) this.quantiles.addAscending(values);
    else this.quantiles.addAll(values);
    this.#addDistinct(values, exact);
  }

  /** What was counted is hashed once each. @param areLongs whether they are 64-bit integers */
  #addCounted(counted: Counts, extent: Extent, areLongs: boolean): void {
    this.moments = mergeMoments(this.moments, momentsOfCounts(counted, extent));
    this.quantiles.addCounts(counted);
    const { first, counts } = counted;
    const double = new Float64Array(1), words = new Int32Array(double.buffer);
    for (let at = 0; at < counts.length; at++) {
      if (counts[at] === 0) continue;
      const value = first + at;
      if (areLongs) this.distinct.addLong(value | 0, Math.floor(value / 2 ** 32) | 0);
      else {
        double[0] = value;
        this.distinct.addLong(words[0] ?? 0, words[1] ?? 0);
      }
    }
  }
}

const FIRST = Number(MISSING_TIMESTAMP);

/** The values as numbers, NaN where missing. */
export function numbersOf(column: NumericColumn): Float64Array {
  if (column.kind === "number") return column.values;
  if (column.kind === "boolean") {
    const numbers = new Float64Array(column.values);
    for (let row = 0; row < numbers.length; row++) {
      if (numbers[row] === MISSING_BOOLEAN) numbers[row] = NaN;
    }
    return numbers;
  }
  const { values } = column;
  const numbers = longsAsNumbers(values), rows = numbers.length;
  for (let row = 0; row < rows; row++) {
    if (numbers[row] === FIRST && values[row] === MISSING_TIMESTAMP) numbers[row] = NaN;
  }
  return numbers;
}
