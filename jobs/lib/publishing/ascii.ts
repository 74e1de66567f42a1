/**
 * Text written into bytes without a string in between.
 *
 * @module
 */

/** Copies bytes; returns where they end. */
export function writeBytes(
  bytes: Uint8Array,
  start: number,
  from: Uint8Array,
  first: number,
  end: number,
): number {
  let at = start;
  for (let i = first; i < end; i++) bytes[at++] = from[i] as number;
  return at;
}

/** Writes an integer that is not negative, in decimal; returns where it ends. */
export function writeInteger(bytes: Uint8Array, start: number, value: number): number {
  if (value > 0x7fffffff) return writeAscii(bytes, start, String(value));
  const size = digitsOf(value);
  writeDigits(bytes, start + size, size, value | 0);
  return start + size;
}

/** How many decimal digits an integer has that is not negative. */
export function digitsOf(value: number): number {
  let size = 1;
  for (let power = 10; power <= value; power *= 10) size++;
  return size;
}

/**
 * Decimal digits of a float32 that read back as the same float32, and as no more than nine: the nine
 * that suffice for every float32 (IEEE 754-2019, 5.12.2).
 */
export function decimal(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/**
 * Writes a float32 as {@linkcode decimal} has it; returns where it ends.
 *
 * From 0.0001 up to 1, as most probabilities are, its nine digits are an integer that is exact: the
 * factor is at most 10^12, 28 bits of which are not zero at the end, and a float32 has 24.
 */
export function writeDecimal(bytes: Uint8Array, start: number, value: number): number {
  if (value < 0.0001 || value >= 1 || Number.isNaN(value)) {
    return writeAscii(bytes, start, decimal(value));
  }
  const zeros = value >= 0.1 ? 0 : value >= 0.01 ? 1 : value >= 0.001 ? 2 : 3;
  let digits = Math.round(value * (SCALES[zeros] as number)) | 0;
  // It was rounded up to the next power of ten.
  if (digits >= 1e9) return writeAscii(bytes, start, decimal(value));
  let size = 9;
  while (digits % 10 === 0) {
    digits = digits / 10 | 0;
    size--;
  }
  let at = start;
  bytes[at++] = ZERO;
  bytes[at++] = POINT;
  for (let i = 0; i < zeros; i++) bytes[at++] = ZERO;
  writeDigits(bytes, at + size, size, digits);
  return at + size;
}

/** Digits before a zero is left out, by the zeros behind the point. */
const SCALES = [1e9, 1e10, 1e11, 1e12];
const ZERO = 48;
const POINT = 46;

function writeDigits(bytes: Uint8Array, end: number, size: number, value: number): void {
  let rest = value;
  for (let i = 1; i <= size; i++) {
    const tenth = rest / 10 | 0;
    bytes[end - i] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
}

function writeAscii(bytes: Uint8Array, start: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
  return start + text.length;
}

/**
 * Writes UTF-8 as it stands between the quotes of a JSON string, as `JSON.stringify` would; returns
 * where it ends. It grows to six times its size at most.
 */
export function writeJsonText(
  bytes: Uint8Array,
  start: number,
  from: Uint8Array,
  first: number,
  end: number,
): number {
  let at = start;
  for (let i = first; i < end; i++) {
    const byte = from[i] as number;
    if (byte >= 32 && byte !== QUOTE && byte !== BACKSLASH) bytes[at++] = byte;
    else at = writeAscii(bytes, at, JSON.stringify(String.fromCharCode(byte)).slice(1, -1));
  }
  return at;
}

const QUOTE = 34;
const BACKSLASH = 92;
