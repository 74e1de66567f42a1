/**
 * Numbers as they are written in text.
 *
 * @module
 */

/** What kind of number a text is; see `Look`. */
export type NumberLook = "integer" | "negative" | "unsigned" | "huge" | "padded" | "fraction";

const MINUS = 0x2d, PLUS = 0x2b, DOT = 0x2e, ZERO = 0x30, E = 0x65;
const INT64 = "9223372036854775807", UINT64 = "18446744073709551615";
const SPECIAL = /^[+-]?(?:inf|infinity|nan)$/i;

/** Whether a text is a number, and of which kind: `12`, `-1.5e3`, `.5`, `inf`, `NaN`. */
export function isNumberText(
  bytes: Uint8Array,
  start: number,
  size: number,
): NumberLook | undefined {
  const end = start + size;
  let at = start;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  const begin = at;
  at = afterDigits(bytes, at, end);
  const digits = at - begin;
  if (at === end && digits > 0) return integerLook(bytes, begin, digits, sign === MINUS);
  let fraction = 0;
  if (bytes[at] === DOT && at < end) {
    const from = ++at;
    at = afterDigits(bytes, at, end);
    fraction = at - from;
  }
  if (digits + fraction > 0) {
    if (at < end && ((bytes[at] ?? 0) | 0x20) === E) {
      at++;
      if (bytes[at] === MINUS || bytes[at] === PLUS) at++;
      const from = at;
      at = afterDigits(bytes, at, end);
      if (at === from) return undefined;
    }
    return at === end ? "fraction" : undefined;
  }
  return size <= 9 && SPECIAL.test(ascii(bytes, start, size)) ? "fraction" : undefined;
}

function integerLook(
  bytes: Uint8Array,
  begin: number,
  digits: number,
  negative: boolean,
): NumberLook {
  if (digits > 1 && bytes[begin] === ZERO) return "padded";
  if (digits < INT64.length) return negative ? "negative" : "integer";
  if (digits > UINT64.length) return "huge";
  const text = ascii(bytes, begin, digits);
  if (negative) return fits(text, "9223372036854775808") ? "negative" : "huge";
  return fits(text, INT64) ? "integer" : fits(text, UINT64) ? "unsigned" : "huge";
}

function fits(digits: string, limit: string): boolean {
  return digits.length < limit.length || digits.length === limit.length && digits <= limit;
}

function afterDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    at++;
  }
  return at;
}

/** The nearest double of a text that {@linkcode isNumberText} accepts. */
export function numberOf(bytes: Uint8Array, start: number, size: number): number {
  if (size <= 16) {
    const small = smallNumber(bytes, start, size);
    if (small !== undefined) return small;
  }
  const text = ascii(bytes, start, size);
  if (!SPECIAL.test(text)) return Number(text);
  if (/nan$/i.test(text)) return NaN;
  return text.startsWith("-") ? -Infinity : Infinity;
}

/** Digits with at most a point between them: the quotient of two exact doubles, rounded once. */
function smallNumber(bytes: Uint8Array, start: number, size: number): number | undefined {
  const negative = bytes[start] === MINUS;
  let value = 0, scale = -1;
  for (let at = start + (negative ? 1 : 0); at < start + size; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === DOT) scale = 0;
    else if (byte < ZERO || byte > ZERO + 9) return undefined;
    else {
      value = value * 10 + byte - ZERO;
      if (scale >= 0) scale++;
    }
  }
  // Fifteen digits are exact, and one more may be.
  if (value > Number.MAX_SAFE_INTEGER) return undefined;
  const number = scale > 0 ? value / 10 ** scale : value;
  return negative ? -number : number;
}

/** The integer of a text that {@linkcode isNumberText} calls one. */
export function integerOf(bytes: Uint8Array, start: number, size: number): bigint {
  const text = ascii(bytes, start, size);
  return BigInt(text.startsWith("+") ? text.slice(1) : text);
}

/** Text that is known to be ASCII. */
export function ascii(bytes: Uint8Array, start: number, size: number): string {
  let text = "";
  for (let i = start; i < start + size; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}
