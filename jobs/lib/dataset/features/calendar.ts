/**
 * Calendar parts of timestamps, in UTC and exact for every int64 of microseconds.
 *
 * @module
 */
import { circleOf, fieldOfPart } from "./circle.ts";
import { MISSING_TIMESTAMP } from "../column.ts";
import type { CalendarField, TimestampPart } from "./schema.ts";

const MINUTE = 60_000_000;
const DAY_MINUTES = 1440;

/**
 * Whole minutes since 1970, rounded down; NaN where missing. The parts below take them.
 *
 * @param values Microseconds.
 */
export function minutesOf(values: BigInt64Array): Float64Array {
  const minutes = new Float64Array(values.length);
  // Reading a BigInt allocates it; two halves, the lower first on every machine that Deno runs on,
  // do not.
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let row = 0; row < minutes.length; row++) {
    const high = halves[2 * row + 1] ?? 0;
    const micros = high * 2 ** 32 + ((halves[2 * row] ?? 0) >>> 0);
    minutes[row] = Number.isSafeInteger(micros)
      ? floorMinute(micros)
      : farMinute(values[row] ?? 0n);
  }
  return minutes;
}

function floorMinute(micros: number): number {
  const minutes = Math.floor(micros / MINUTE);
  // The quotient may have been rounded up to a whole number; the product is exact.
  return minutes * MINUTE > micros ? minutes - 1 : minutes;
}

/** Of times more than 285 years from 1970, which a double does not hold to the microsecond. */
function farMinute(value: bigint): number {
  return value === MISSING_TIMESTAMP ? NaN : Number((value - floorMod(value)) / BigInt(MINUTE));
}

/** One part of each time; NaN where missing. */
export function timestampPart(minutes: Float64Array, part: TimestampPart): Float32Array {
  const { field, coordinate } = fieldOfPart(part);
  const values = field === "hour" || field === "minute_of_day"
    ? partsOfDays(minutes, field)
    : partsOfDates(minutes, field);
  if (coordinate === undefined) return values;
  const circle = circleOf(field, coordinate);
  return values.map((value) => circle[value] ?? NaN);
}

function partsOfDays(minutes: Float64Array, part: "hour" | "minute_of_day"): Float32Array {
  const minutesAPart = part === "hour" ? 60 : 1;
  const parts = new Float32Array(minutes.length);
  for (let row = 0; row < parts.length; row++) {
    parts[row] = Math.floor(mod(minutes[row] ?? NaN, DAY_MINUTES) / minutesAPart);
  }
  return parts;
}

function partsOfDates(minutes: Float64Array, part: FieldOfDates): Float32Array {
  const partOf = PARTS_OF_DATES[part];
  const parts = new Float32Array(minutes.length);
  // Rows of one day usually stand together.
  let known = NaN;
  let found = NaN;
  for (let row = 0; row < parts.length; row++) {
    const day = dayOf(minutes[row] ?? NaN);
    if (day !== known) {
      known = day;
      found = partOf(day);
    }
    parts[row] = found;
  }
  return parts;
}

type FieldOfDates = Exclude<CalendarField, "hour" | "minute_of_day">;

const PARTS_OF_DATES: Readonly<Record<FieldOfDates, (day: number) => number>> = {
  month: (day) => monthAndDay(day).month,
  day: (day) => monthAndDay(day).day,
  day_of_week: (day) => mod(day + 3, 7), // 1970 began on a Thursday
};

/** Number of the month since year 0, so that December and January are neighbours. */
export function monthNumber(minutes: number): number {
  const { year, month } = monthAndDay(dayOf(minutes));
  return year * 12 + month - 1;
}

function dayOf(minutes: number): number {
  return Math.floor(minutes / DAY_MINUTES);
}

function mod(value: number, by: number): number {
  return value - Math.floor(value / by) * by;
}

function floorMod(value: bigint): bigint {
  const rest = value % BigInt(MINUTE);
  return rest < 0n ? rest + BigInt(MINUTE) : rest;
}

/**
 * The proleptic Gregorian date of a day since 1970: years begin in March, so that the leap day is
 * their last. After Howard Hinnant, https://howardhinnant.github.io/date_algorithms.html
 */
function monthAndDay(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra -
    (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
