/**
 * The latest time at which a schedule should have started something, and the next.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";

/** Days to look at: a schedule of 29 February is no daily pipeline. */
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
  const times = timesOf(expression, "find the latest slot of");
  for (let back = 0; back <= DAYS; back++) {
    const found = times(daysFrom(now, -back)).findLast((time) => time <= now);
    if (found !== undefined) return found;
  }
  throw unsupported("find the latest slot of", expression, `it has none in the last ${DAYS} days`);
}

/**
 * The first minute after `now` that matches such an expression, read on the clocks of a time zone.
 *
 * @param zone of the IANA database, such as `Europe/Vienna`
 * @throws {UsageError} `delivery.schedule`
 */
export function nextSlot(expression: string, now: Date, zone = "UTC"): Date {
  const times = timesOf(expression, "find the next slot of");
  const clock = new Date(now.getTime() + offsetOf(zone, now));
  for (let ahead = 0; ahead <= DAYS; ahead++) {
    const found = times(daysFrom(clock, ahead)).map((wall) => instantOf(wall, zone))
      .find((time) => time > now);
    if (found !== undefined) return found;
  }
  throw unsupported("find the next slot of", expression, `it has none in the next ${DAYS} days`);
}

/** The times of a day that match, in order. */
function timesOf(expression: string, cannot: string): (day: Date) => Date[] {
  const inner = /^cron\((.*)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/);
  if (inner?.length !== 6) throw unsupported(cannot, expression, "it is no cron(…) of six fields");
  const [minutes, hours, days, months, weekdays, years] = inner.map((field, i) => {
    const [least, most, names] = RANGES[i] ?? [0, 0, []];
    const values = valuesOf(field, least, most, names);
    if (values === undefined) throw unsupported(cannot, expression, `'${field}' is not understood`);
    return [...values].sort((a, b) => a - b);
  });
  return (day) => {
    const matches = days?.includes(day.getUTCDate()) && months?.includes(day.getUTCMonth() + 1) &&
      weekdays?.includes(day.getUTCDay() + 1) && years?.includes(day.getUTCFullYear());
    if (!matches) return [];
    return (hours ?? []).flatMap((hour) =>
      (minutes ?? []).map((minute) => new Date(day.getTime() + (hour * 60 + minute) * MINUTE))
    );
  };
}

/** Midnight of a day beside that of `now`. */
function daysFrom(now: Date, days: number): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days));
}

/** The instant at which the clocks of a zone show what `wall` shows in UTC. */
function instantOf(wall: Date, zone: string): Date {
  const guess = new Date(wall.getTime() - offsetOf(zone, wall));
  return new Date(wall.getTime() - offsetOf(zone, guess));
}

/** Milliseconds that the clocks of a zone are ahead of UTC. */
function offsetOf(zone: string, at: Date): number {
  if (zone === "UTC") return 0;
  const name = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
    .formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign = "+", hours = "0", minutes = "0"] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
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

function unsupported(cannot: string, expression: string, found: string): UsageError {
  return new UsageError({
    code: "delivery.schedule",
    cannot: `${cannot} ${expression}`,
    found,
    todo: "Give the time itself: --scheduled-time",
    place: { option: "--scheduled-time" },
  });
}
