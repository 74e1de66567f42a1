/**
 * Calendar fields on a circle, where the last hour of a day stands beside the first.
 *
 * @module
 */
import type { CalendarField, Coordinate, TimestampPart } from "./schema.ts";

/** After how many steps a field begins again; months, which differ, count as the longest. */
const PERIODS: Readonly<Record<CalendarField, number>> = {
  month: 12,
  day: 31,
  day_of_week: 7,
  hour: 24,
  minute_of_day: 1440,
};

/**
 * What coordinates are rounded to: float32 holds its multiples exactly, and a sine that differs in
 * its last digits, as another version or machine may compute it, ends as the same number.
 */
const STEP = 2 ** -24;

/** The field that a part is of, and which of its coordinates, if it is one. */
export function fieldOfPart(
  part: TimestampPart,
): { readonly field: CalendarField; readonly coordinate?: Coordinate } {
  if (isField(part)) return { field: part };
  const coordinate = part.endsWith("_sin") ? "sin" : "cos";
  const field = part.slice(0, -"_sin".length);
  if (!isField(field)) throw new TypeError(`${part} is no part of a timestamp`);
  return { field, coordinate };
}

/** The coordinate of every value of a field, by the value: that of the angle 2π · value / period. */
export function circleOf(field: CalendarField, coordinate: Coordinate): Float32Array {
  const name: TimestampPart = `${field}_${coordinate}`;
  const known = circles.get(name);
  if (known) return known;
  const period = PERIODS[field];
  const circle = Float32Array.from({ length: period + 1 }, (_, value) => {
    const steps = Math.round(Math[coordinate](2 * Math.PI * value / period) / STEP);
    // No zero below zero.
    return steps === 0 ? 0 : steps * STEP;
  });
  circles.set(name, circle);
  return circle;
}

const circles = new Map<TimestampPart, Float32Array>();

function isField(name: string): name is CalendarField {
  return Object.hasOwn(PERIODS, name);
}
