/**
 * Arrow's types by our names.
 *
 * @module
 */
import type { ArrowField } from "./arrow.ts";
import type { ColumnKind, Field } from "../column.ts";
import type { Meaning } from "./pages/mod.ts";

/**
 * A column's kind and type; without a kind it cannot be read.
 *
 * @param meaning what its bytes stand for
 */
export function fieldOf(
  field: ArrowField,
  meaning?: Meaning,
): Field | { name: string; kind?: never; type: string } {
  const { name } = field;
  if (meaning !== undefined && isBytes(field.format)) {
    return { name, kind: "string", type: "string" };
  }
  const { format } = field.dictionary ?? field;
  const type = typeOf(format);
  const kind = kindOf(format);
  return kind === undefined ? { name, type } : { name, kind, type };
}

const SIMPLE: Readonly<Record<string, readonly [string, ColumnKind?]>> = {
  n: ["null", "number"],
  c: ["int8", "number"],
  C: ["uint8", "number"],
  s: ["int16", "number"],
  S: ["uint16", "number"],
  i: ["int32", "number"],
  I: ["uint32", "number"],
  l: ["int64", "number"],
  L: ["uint64", "number"],
  e: ["halffloat", "number"],
  f: ["float", "number"],
  g: ["double", "number"],
  b: ["bool", "boolean"],
  u: ["string", "string"],
  U: ["string", "string"],
  vu: ["string", "string"],
  tdD: ["date", "timestamp"],
  tdm: ["date", "timestamp"],
  z: ["binary"],
  Z: ["binary"],
  vz: ["binary"],
  "+l": ["list"],
  "+L": ["list"],
  "+s": ["struct"],
  "+m": ["map"],
};

const UNITS: Readonly<Record<string, string>> = { s: "s", m: "ms", u: "us", n: "ns" };

/** True for bytes of any length, or of one. */
function isBytes(format: string): boolean {
  return ["z", "Z", "vz"].includes(format) || format.startsWith("w:");
}

function kindOf(format: string): ColumnKind | undefined {
  if (format.startsWith("ts")) return "timestamp";
  if (format.startsWith("d:") || format.startsWith("tt")) return "number";
  return SIMPLE[format]?.[1];
}

function typeOf(format: string): string {
  const simple = SIMPLE[format];
  if (simple) return simple[0];
  const unit = UNITS[format[2] ?? ""] ?? "";
  if (format.startsWith("ts")) {
    const zone = format.slice(4);
    return zone === "" ? `timestamp[${unit}]` : `timestamp[${unit}, ${zone}]`;
  }
  if (format.startsWith("tt")) return `time[${unit}]`;
  if (format.startsWith("ti")) return "interval";
  if (format.startsWith("tD")) return `duration[${unit}]`;
  if (format.startsWith("d:")) {
    const { precision, scale } = decimalOf(format);
    return `decimal(${precision},${scale})`;
  }
  if (format.startsWith("w:")) return `binary(${format.slice(2)})`;
  if (format.startsWith("+")) return "list";
  return format;
}

/** The parts of a decimal's format, `d:precision,scale[,bits]`. */
export function decimalOf(format: string): { precision: number; scale: number; bits: number } {
  const [precision = 0, scale = 0, bits = 128] = format.slice(2).split(",").map(Number);
  return { precision, scale, bits };
}
