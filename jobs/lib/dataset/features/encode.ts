/**
 * Raw columns to the forest's matrix of float32.
 *
 * @module
 */
import { minutesOf, timestampPart } from "./calendar.ts";
import { orderCategories } from "./categories.ts";
import {
  type Batch,
  type Column,
  MISSING_BOOLEAN,
  MISSING_STRING,
  type StringColumn,
} from "../column.ts";
import { type Encoding, type Feature, type FeatureSchema, matrixColumns } from "./schema.ts";
import { missingColumn, takeColumn } from "../table.ts";
import type { Labels } from "./target.ts";

/** The code of a missing category. */
export const MISSING_CODE = 0;
/** The code of a category that training has not seen. */
export const UNSEEN_CODE = 1;
/** The code of the first known category. */
export const FIRST_CODE = 2;

/** What `encode` gives: one float32 array per column, NaN is missing. */
export interface EncodedMatrix {
  /** Length of every column. */
  readonly rows: number;
  /** In the order of `matrixColumns`. */
  readonly columns: readonly Float32Array[];
  /** Of the columns. */
  readonly names: readonly string[];
}

/**
 * Learns the order of the categories.
 *
 * @param rows The training rows of the table; no other row has an influence.
 * @param labels One for each row of the table, from `targetValues`.
 * @param leastRows Categories with fewer of these rows are learnt together, with the code of those that
 * training has not seen.
 */
export function fitEncoding(
  schema: FeatureSchema,
  table: Batch,
  rows: Uint32Array,
  labels: Labels,
  leastRows = 1,
): Encoding {
  const { target } = schema;
  const classes = target.objective === "classification" ? target.classes.length : 0;
  const categories = new Map<string, readonly string[]>();
  for (const feature of schema.features) {
    if (feature.kind !== "categorical") continue;
    const column = columnOf(table, feature);
    if (column.kind !== "string") throw unexpected(feature, column);
    categories.set(feature.name, orderCategories(column, rows, labels, classes, leastRows));
  }
  return { schema, categories };
}

/**
 * Encodes a batch. Numbers and booleans become float32, rounded to nearest; categories their code;
 * timestamps their parts. Only numbers, booleans and parts can be NaN.
 *
 * @param rows Only these rows, in this order; all unless told.
 * @throws {TypeError} if the batch lacks a feature: match the dataset's columns first
 */
export function encode(encoding: Encoding, batch: Batch, rows?: Uint32Array): EncodedMatrix {
  const minutes = new Map<string, Float64Array>();
  const layout = matrixColumns(encoding.schema);
  const columns = layout.map(({ feature, part }) => {
    const whole = columnOf(batch, feature);
    const column = rows ? takeColumn(whole, rows) : whole;
    if (column.kind === "number") return new Float32Array(column.values);
    if (column.kind === "boolean") return encodeBooleans(column.values);
    if (column.kind === "string") return encodeCategories(encoding, column);
    if (part === undefined) throw unexpected(feature, column);
    const known = minutes.get(feature.name) ?? minutesOf(column.values);
    minutes.set(feature.name, known);
    return timestampPart(known, part);
  });
  return { rows: rows?.length ?? batch.rows, columns, names: layout.map((each) => each.name) };
}

const KIND = {
  number: "number",
  boolean: "boolean",
  categorical: "string",
  timestamp: "timestamp",
} as const;

/** The feature's column; one of nulls only fits every feature. */
function columnOf(batch: Batch, feature: Feature): Column {
  const column = batch.columns.find((each) => each.name === feature.name);
  if (!column) throw new TypeError(`the batch has no column ${feature.name}`);
  const kind = KIND[feature.kind];
  if (column.kind === kind) return column;
  if (column.type !== "null") throw unexpected(feature, column);
  return missingColumn({ name: feature.name, kind, type: "null" }, batch.rows);
}

function unexpected(feature: Feature, column: Column): TypeError {
  return new TypeError(`${feature.name} is ${column.type}, not ${feature.kind}`);
}

function encodeBooleans(values: Uint8Array): Float32Array {
  const encoded = new Float32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? MISSING_BOOLEAN;
    encoded[row] = value === MISSING_BOOLEAN ? NaN : value;
  }
  return encoded;
}

function encodeCategories(encoding: Encoding, column: StringColumn): Float32Array {
  const codes = codesOf(encoding, column.name);
  const byEntry = new Float32Array(column.dictionary.length + 1);
  byEntry[0] = MISSING_CODE;
  for (const [entry, value] of column.dictionary.entries()) {
    byEntry[entry + 1] = codes.get(value) ?? UNSEEN_CODE;
  }
  const encoded = new Float32Array(column.codes.length);
  // A loop: Float32Array.from() with a function makes an array of all values in between.
  for (let row = 0; row < encoded.length; row++) {
    encoded[row] = byEntry[(column.codes[row] ?? MISSING_STRING) + 1] ?? UNSEEN_CODE;
  }
  return encoded;
}

const codesByEncoding = new WeakMap<Encoding, Map<string, ReadonlyMap<string, number>>>();

/** Category to code; kept with the encoding, as scoring encodes many small batches. */
function codesOf(encoding: Encoding, name: string): ReadonlyMap<string, number> {
  const kept = codesByEncoding.get(encoding) ?? new Map<string, ReadonlyMap<string, number>>();
  codesByEncoding.set(encoding, kept);
  const known = kept.get(name);
  if (known) return known;
  const categories = encoding.categories.get(name) ?? [];
  const codes = new Map(categories.map((value, i) => [value, FIRST_CODE + i]));
  kept.set(name, codes);
  return codes;
}
