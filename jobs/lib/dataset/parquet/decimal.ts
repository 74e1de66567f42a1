/**
 * Decimals as the nearest doubles, and with all their digits.
 *
 * @module
 */
import type { ArrowArray } from "./arrow.ts";
import { decimalOf } from "./field.ts";

/** The values of a decimal array of any width; nulls are whatever lies there. */
export function decodeDecimals(format: string, array: ArrowArray): Float64Array {
  const { scale, bits } = decimalOf(format);
  const size = bits / 8;
  const start = (array.buffers[1] ?? 0) + array.offset * size;
  const view = new DataView(array.memory, start, array.length * size);
  return Float64Array.from(
    { length: array.length },
    (_, row) => decimal(view, row * size, size, scale),
  );
}

/** The values with all their digits, without zeros at their end: `1.5`, `12345678901234567890`. */
export function decimalTexts(format: string, array: ArrowArray): string[] {
  const { scale, bits } = decimalOf(format);
  const size = bits / 8;
  const start = (array.buffers[1] ?? 0) + array.offset * size;
  const view = new DataView(array.memory, start, array.length * size);
  return Array.from({ length: array.length }, (_, row) => {
    const small = smallInteger(view, row * size, size);
    return decimalText(
      small === undefined ? bigInteger(view, row * size, size) : BigInt(small),
      scale,
    );
  });
}

/** `value / 10 ** scale` in digits. */
export function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return `${value * 10n ** BigInt(-scale)}`;
  const digits = `${value < 0n ? -value : value}`.padStart(scale + 1, "0");
  const fraction = digits.slice(-scale).replace(/0+$/, "");
  const whole = (value < 0n ? "-" : "") + digits.slice(0, -scale);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

function decimal(view: DataView, at: number, size: number, scale: number): number {
  const small = smallInteger(view, at, size);
  // Both operands are exact doubles, so that the division rounds once, correctly.
  if (small !== undefined && scale >= 0 && scale <= 22) return small / 10 ** scale;
  return Number(`${bigInteger(view, at, size)}e${-scale}`);
}

/** The integer if a double has it exactly. */
function smallInteger(view: DataView, at: number, size: number): number | undefined {
  if (size === 4) return view.getInt32(at, true);
  const high = view.getInt32(at + 4, true);
  for (let word = 8; word < size; word += 4) {
    if (view.getInt32(at + word, true) !== high >> 31) return undefined;
  }
  const value = high * 2 ** 32 + view.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : undefined;
}

function bigInteger(view: DataView, at: number, size: number): bigint {
  let value = view.getBigInt64(at + size - 8, true);
  for (let word = size - 16; word >= 0; word -= 8) {
    value = (value << 64n) | view.getBigUint64(at + word, true);
  }
  return value;
}
