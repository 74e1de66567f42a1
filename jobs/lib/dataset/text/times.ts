/**
 * Dates and times as ISO 8601 writes them: `2013-10-01`, `2013-10-01T05:30`,
 * `2013-10-01 05:30:00.250Z`, `…+02:00`. Without a zone they are UTC.
 *
 * @module
 */
import { ascii } from "./numbers.ts";

/** What kind of time a text is; see `Look`. */
export type TimeLook = "date" | "time" | "zoned";

const DASH = 0x2d;

/** Whether a text is a date or a time. */
export function timeShape(bytes: Uint8Array, start: number, size: number): TimeLook | undefined {
  // What most text fails at first.
  if (size < 10 || size > 40 || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) {
    return undefined;
  }
  return parsed(ascii(bytes, start, size))?.look;
}

/** Microseconds since 1970 of a text that {@linkcode timeShape} accepts, cut to whole ones. */
export function microsOf(bytes: Uint8Array, start: number, size: number): bigint | undefined {
  return parsed(ascii(bytes, start, size))?.micros;
}

const SHAPE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|z| ?[+-]\d\d(?::?\d\d)?)?)?$/;

function parsed(text: string): { look: TimeLook; micros: bigint } | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = "0", fraction = "", zone] = match;
  const days = daysSince1970(Number(year), Number(month), Number(day));
  if (days === undefined) return undefined;
  if (hour === undefined) return { look: "date", micros: BigInt(days) * 86_400_000_000n };
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  const offset = minutesEast(zone);
  if (offset === undefined) return undefined;
  const seconds = days * 86_400 + h * 3600 + (m - offset) * 60 + s;
  const micros = BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
  return { look: zone === undefined ? "time" : "zoned", micros };
}

function minutesEast(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === "Z" || zone === "z") return 0;
  const digits = zone.trim();
  const hours = Number(digits.slice(1, 3)), minutes = Number(digits.slice(3).replace(":", ""));
  if (hours > 18 || minutes > 59) return undefined;
  return (digits.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/** Undefined for a day that is not in the calendar. */
function daysSince1970(year: number, month: number, day: number): number | undefined {
  if (year === 0) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() / 86_400_000;
}
