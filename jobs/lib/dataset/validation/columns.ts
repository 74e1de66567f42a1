/**
 * What single columns hold, and what about it is worth a word.
 *
 * @module
 */
import type { Column } from "../column.ts";
import { isoTime } from "../keys.ts";
import { type ColumnProfile, statisticsOfColumn } from "../profile/mod.ts";
import { type ColumnReport, type Finding, warning } from "./finding.ts";

/** The largest magnitude up to which float32 has every integer. */
const EXACT_INTEGERS = 2 ** 24;

/** What a column holds, by its profile. */
export function columnReport(profile: ColumnProfile): ColumnReport {
  const { name, kind, type } = profile;
  const { missing } = profile.values;
  const none = { name, kind, type, missing, min: null, max: null, mean: null };
  if (profile.kind === "string") {
    const distinct = statisticsOfColumn(profile).string_statistics?.distinct_count ?? 0;
    return { name, kind, type, missing, distinct, min: null, max: null, mean: null };
  }
  const { moments: { count, min, max, mean }, distinct } = profile.values;
  if (profile.kind === "boolean") {
    return { ...none, distinct: distinct.count, mean: count === 0 ? null : mean };
  }
  if (count === 0) return none;
  if (profile.kind === "number") return { ...none, min, max, mean };
  return { ...none, min: isoTime(BigInt(min)), max: isoTime(BigInt(max)) };
}

/** Integers of a batch that the model rounds. @param profile of the column, this batch included */
export function inexactIntegers(column: Column, profile: ColumnProfile | undefined): number {
  if (column.kind !== "number" || !/int/.test(column.type)) return 0;
  if (profile !== undefined && profile.kind !== "string") {
    const { min, max } = profile.values.moments;
    if (max <= EXACT_INTEGERS && min >= -EXACT_INTEGERS) return 0;
  }
  let count = 0;
  const { values } = column;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (value > EXACT_INTEGERS || value < -EXACT_INTEGERS) count++;
  }
  return count;
}

/** What is odd about a column that may become a feature. */
export function columnFindings(profile: ColumnProfile, rows: number, inexact: number): Finding[] {
  const { name, values: { missing, present } } = profile;
  if (present === 0) {
    return warning("data.all-missing", name, `${name} is missing in every row`, rows);
  }
  const numbers = profile.kind === "string" ? undefined : profile.values;
  const single = numbers === undefined
    ? profile.values.distinct.count === 1
    : numbers.infinite === 0 && numbers.moments.min === numbers.moments.max;
  return [
    ...warning(
      "data.constant",
      name,
      `${name} is the same in every row`,
      missing === 0 && single ? rows : 0,
    ),
    ...warning(
      "data.integer-precision",
      name,
      `${name} has integers beyond 2^24, which the model rounds to float32`,
      inexact,
    ),
    ...warning("data.infinite", name, `${name} has infinite values`, numbers?.infinite ?? 0),
  ];
}
