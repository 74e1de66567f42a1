/**
 * The latest time at which a schedule should have started something.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";

/** Days to look back: a schedule of 29 February is no daily pipeline. */
const DAYS = 366;
const MINUTE = 60_000;
const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

/**
 * The last minute, not after `now`, that matches an expression `cron(minutes hours day month weekday
 * year)` in UTC. Fields are `*`, `?`, numbers, names, lists, ranges and steps; `L`, `W` and `#` are
 * not supported.
 *
 * @throws {UsageError} `delivery.schedule` for anything else
 */
export function latestSlot(expression: string, now: Date): Date {
  const inner = /^cron\((.*)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/);
  if (inner?.length !== 6) throw unsupported(expression, "it is no cron(…) of six fields");
  const [minutes, hours, days, months, weekdays, years] = inner.map((field, i) => {
    const [least, most, names] = RANGES[i] ?? [0, 0, []];
    const values = valuesOf(field, least, most, names);
    if (values === undefined) throw unsupported(expression, `'${field}' is not understood`);
    return values;
  });
  for (let back = 0; back <= DAYS; back++) {
    const day = new Date(
      Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - back),
    );
    if (
      !days?.has(day.getUTCDate()) || !months?.has(day.getUTCMonth() + 1) ||
      !weekdays?.has(day.getUTCDay() + 1) || !years?.has(day.getUTCFullYear())
    ) continue;
    for (let minute = 24 * 60 - 1; minute >= 0; minute--) {
      const time = new Date(day.getTime() + minute * MINUTE);
      if (time > now) continue;
      if (hours?.has(time.getUTCHours()) && minutes?.has(time.getUTCMinutes())) return time;
    }
  }
  throw unsupported(expression, `it has no time in the last ${DAYS} days`);
}

/** Least and greatest value of a field, and names that stand for them from the least on. */
const RANGES: readonly (readonly [number, number, readonly string[]])[] = [
  [0, 59, []],
  [0, 23, []],
  [1, 31, []],
  [1, 12, MONTHS],
  [1, 7, WEEKDAYS],
  [1970, 2199, []],
];

function valuesOf(
  field: string,
  least: number,
  most: number,
  names: readonly string[],
): Set<number> | undefined {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [from = "", to] = range === "*" || range === "?"
      ? [`${least}`, `${most}`]
      : range.split("-");
    const [first, last, by] = [from, to ?? (part.includes("/") ? `${most}` : from), step].map((
      text,
    ) =>
      names.includes(text.toUpperCase())
        ? names.indexOf(text.toUpperCase()) + least
        : /^\d+$/.test(text)
        ? Number(text)
        : NaN
    );
    if (first === undefined || last === undefined || by === undefined) return undefined;
    if (!(first >= least && last <= most && first <= last && by >= 1)) return undefined;
    for (let value = first; value <= last; value += by) found.add(value);
  }
  return found;
}

function unsupported(expression: string, found: string): UsageError {
  return new UsageError({
    code: "delivery.schedule",
    cannot: `find the latest slot of ${expression}`,
    found,
    todo: "Give the time itself: --scheduled-time",
    place: { option: "--scheduled-time" },
  });
}
