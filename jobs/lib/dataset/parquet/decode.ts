/**
 * Arrow's arrays as our columns.
 *
 * @module
 */
import type { ArrowArray, ArrowField } from "./arrow.ts";
import { bits, placedStrings, validity } from "./arrow_strings.ts";
import {
  type Column,
  type Field,
  MISSING_BOOLEAN,
  MISSING_TIMESTAMP,
  type NumberColumn,
  type PackedKeys,
} from "../column.ts";
import { decimalTexts, decodeDecimals } from "./decimal.ts";
import { clockText, packColumn, packKeys, packPlaced } from "../keys.ts";
import { internIndices, internStrings, type Validity } from "../strings.ts";
import { longsAsNumbers } from "../longs.ts";
import { concatColumn, missingColumn, takeColumn } from "../table.ts";

/** A timestamp does not fit 64 bits of microseconds. */
export class TimestampRange extends RangeError {
  override readonly name = "TimestampRange";
}

/**
 * Copies an array's values into a column of the dataset's field.
 *
 * @param field As the whole dataset has it; a file whose column is all null may differ in type.
 * @throws {TimestampRange}
 */
export function decodeColumn(field: Field, arrow: ArrowField, array: ArrowArray): Column {
  if (arrow.format === "n") return missingColumn(field, array.length);
  if (arrow.dictionary && array.dictionary) {
    return decodeDictionary(field, arrow, array, arrow.dictionary, array.dictionary);
  }
  const { name, type } = field;
  const valid = validity(array);
  switch (field.kind) {
    case "number":
      return { kind: "number", name, type, ...numbersOf(type, arrow.format, array, valid) };
    case "boolean":
      return { kind: "boolean", name, type, values: decodeBooleans(array, valid) };
    case "timestamp":
      return {
        kind: "timestamp",
        name,
        type,
        values: decodeTimestamps(arrow.format, array, valid),
      };
    case "string":
      return {
        kind: "string",
        name,
        type,
        ...internStrings(placedStrings(arrow.format, array), valid),
      };
  }
}

/**
 * An array's values as names of rows; text is copied as it is.
 *
 * @throws {TimestampRange}
 */
export function decodeKeys(field: Field, arrow: ArrowField, array: ArrowArray): PackedKeys {
  const { format } = arrow;
  const valid = validity(array);
  if (field.kind === "string" && arrow.dictionary === undefined && format !== "n") {
    return packPlaced(placedStrings(format, array), valid);
  }
  const texts = format.startsWith("d:")
    ? decimalTexts(format, array)
    : format.startsWith("tt")
    ? Array.from(clockMicros(format, array), clockText)
    : undefined;
  return texts === undefined
    ? packColumn(decodeColumn(field, arrow, array), array.length)
    : packKeys(texts.map((text, row) => valid?.(row) === false ? null : text));
}

interface Numeric<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): T;
}

/** The values of buffer 1, copied out of the decoder's memory. */
function copied<T>(Type: Numeric<T>, array: ArrowArray): T {
  const size = Type.BYTES_PER_ELEMENT;
  const start = (array.buffers[1] ?? 0) + array.offset * size;
  return new Type(array.memory.slice(start, start + array.length * size));
}

const NUMERIC = {
  c: Int8Array,
  C: Uint8Array,
  s: Int16Array,
  S: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  f: Float32Array,
} as const;

/** Files of integers and files of floats together are floats: no exact values then. */
function numbersOf(
  type: string,
  format: string,
  array: ArrowArray,
  valid: Validity,
): Pick<NumberColumn, "values" | "exact"> {
  const numbers = decodeNumbers(format, array, valid);
  return type === "int64" || type === "uint64" ? numbers : { values: numbers.values };
}

function decodeNumbers(
  format: string,
  array: ArrowArray,
  valid: Validity,
): Pick<NumberColumn, "values" | "exact"> {
  if (format === "l" || format === "L") return decodeLongs(format, array, valid);
  const values = plainNumbers(format, array);
  if (valid) {
    for (let row = 0; row < values.length; row++) if (!valid(row)) values[row] = NaN;
  }
  return { values };
}

function plainNumbers(format: string, array: ArrowArray): Float64Array {
  if (format === "g") return copied(Float64Array, array);
  if (format === "e") return Float64Array.from(copied(Uint16Array, array), halfFloat);
  if (format.startsWith("d:")) return decodeDecimals(format, array);
  if (format.startsWith("tt")) return clockMicros(format, array).map((micros) => micros / 1e6);
  if (!isNumeric(format)) throw new Error(`no number has the format ${format}`);
  return new Float64Array(copied<ArrayLike<number>>(NUMERIC[format], array));
}

function isNumeric(format: string): format is keyof typeof NUMERIC {
  return Object.hasOwn(NUMERIC, format);
}

function decodeLongs(
  format: "l" | "L",
  array: ArrowArray,
  valid: Validity,
): Pick<NumberColumn, "values" | "exact"> {
  const exact = format === "l" ? copied(BigInt64Array, array) : copied(BigUint64Array, array);
  const values = longsAsNumbers(exact);
  if (valid) {
    for (let row = 0; row < exact.length; row++) {
      if (valid(row)) continue;
      exact[row] = 0n;
      values[row] = NaN;
    }
  }
  return { values, exact };
}

/** Microseconds since midnight of times of day, cut to whole ones. */
function clockMicros(format: string, array: ArrowArray): Float64Array {
  if (format === "tts" || format === "ttm") {
    const factor = format === "tts" ? 1e6 : 1000;
    return Float64Array.from(copied(Int32Array, array), (value) => value * factor);
  }
  const divisor = format === "ttn" ? 1000 : 1;
  return Float64Array.from(
    copied(BigInt64Array, array),
    (value) => Math.floor(Number(value) / divisor),
  );
}

/** IEEE 754 binary16. */
function halfFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31, fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function decodeBooleans(array: ArrowArray, valid: Validity): Uint8Array {
  const isSet = bits(array, array.buffers[1] ?? 0);
  const values = new Uint8Array(array.length);
  for (let row = 0; row < values.length; row++) {
    values[row] = valid && !valid(row) ? MISSING_BOOLEAN : isSet(row) ? 1 : 0;
  }
  return values;
}

const TO_MICROSECONDS: Readonly<Record<string, bigint>> = {
  tdD: 86_400_000_000n,
  tdm: 1000n,
  tss: 1_000_000n,
  tsm: 1000n,
};

function decodeTimestamps(format: string, array: ArrowArray, valid: Validity): BigInt64Array {
  const unit = format.slice(0, 3);
  const values = unit === "tdD"
    ? BigInt64Array.from(copied(Int32Array, array), BigInt)
    : copied(BigInt64Array, array);
  const factor = TO_MICROSECONDS[unit];
  for (let row = 0; row < values.length; row++) {
    if (valid && !valid(row)) values[row] = MISSING_TIMESTAMP;
    else if (unit === "tsn") values[row] = floorThousandth(values[row] ?? 0n);
    else if (factor !== undefined) values[row] = scaled(values[row] ?? 0n, factor);
    else if (!valid) break; // microseconds without nulls: as copied
  }
  return values;
}

function floorThousandth(value: bigint): bigint {
  const quotient = value / 1000n;
  return value < 0n && quotient * 1000n !== value ? quotient - 1n : quotient;
}

function scaled(value: bigint, factor: bigint): bigint {
  const micros = value * factor;
  if (BigInt.asIntN(64, micros) !== micros) {
    throw new TimestampRange(`${value} (${factor} µs each)`);
  }
  return micros;
}

/** Indices into a dictionary: the reader's own of strings, and pandas' and pyarrow's of any values. */
function decodeDictionary(
  field: Field,
  arrow: ArrowField,
  array: ArrowArray,
  valueType: ArrowField,
  valueArray: ArrowArray,
): Column {
  const valid = validity(array);
  if (field.kind === "string" && valueType.dictionary === undefined && valueType.format !== "n") {
    const { name, type } = field;
    const indices = indicesOf(arrow.format, array);
    const values = placedStrings(valueType.format, valueArray);
    return {
      ...{ kind: "string", name, type },
      ...internIndices(indices, valid, values, validity(valueArray)),
    };
  }
  const { values: indices } = decodeNumbers(arrow.format, array, valid);
  const values = decodeColumn(field, valueType, valueArray);
  // One more value, a missing one, is what a null index refers to.
  const withMissing = concatColumn(field, [values, missingColumn(field, 1)]);
  return takeColumn(
    withMissing,
    Uint32Array.from(indices, (index) => Number.isNaN(index) ? valueArray.length : index),
  );
}

/** Where they are, for indices of 32 bits. */
function indicesOf(format: string, array: ArrowArray): Int32Array | Float64Array {
  const { memory, buffers, offset, length } = array;
  if (format === "i") return new Int32Array(memory, (buffers[1] ?? 0) + 4 * offset, length);
  return decodeNumbers(format, array, undefined).values;
}
