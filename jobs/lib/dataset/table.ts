/**
 * Whole tables in memory: batches put together, rows picked.
 *
 * @module
 */
import {
  type Batch,
  type BooleanColumn,
  type Column,
  type Dataset,
  type Field,
  MISSING_BOOLEAN,
  MISSING_STRING,
  MISSING_TIMESTAMP,
  type NumberColumn,
  type StringColumn,
} from "./column.ts";
import { allProblems, Problems } from "./problems.ts";
import { readableBatches } from "./readable.ts";

/**
 * Reads a dataset into one batch.
 *
 * @param columns Only these, in this order; all unless told.
 * @throws {DataError} like {@linkcode Dataset.batches}, of all files at once
 */
export async function readTable(dataset: Dataset, columns?: readonly string[]): Promise<Batch> {
  const names = columns ?? dataset.fields.map((field) => field.name);
  const problems = new Problems();
  const batches = await Array.fromAsync(readableBatches(dataset, problems, { columns: names }));
  const wrong = allProblems(dataset.uri, problems.found);
  if (wrong !== undefined) throw wrong;
  return {
    rows: dataset.rows,
    columns: names.flatMap((name, i) => {
      const field = dataset.fields.find((each) => each.name === name);
      const parts = batches.flatMap((batch) => batch.columns[i] ?? []);
      return field ? [concatColumn(field, parts)] : [];
    }),
    file: dataset.files.length === 1 ? dataset.files[0]?.path ?? "" : "",
    firstRow: 0,
  };
}

/**
 * The given rows of a batch, in the given order. Dictionaries are shared, not copied.
 *
 * @param rows Indices below `batch.rows`.
 */
export function take(batch: Batch, rows: Uint32Array): Batch {
  return {
    ...batch,
    rows: rows.length,
    columns: batch.columns.map((column) => takeColumn(column, rows)),
  };
}

/** {@linkcode take} for one column. */
export function takeColumn(column: Column, rows: Uint32Array): Column {
  switch (column.kind) {
    case "number": {
      const values = gathered(column.values, rows);
      return column.exact
        ? { ...column, values, exact: gathered(column.exact, rows) }
        : { ...column, values };
    }
    case "boolean":
      return { ...column, values: gathered(column.values, rows) };
    case "timestamp":
      return { ...column, values: gathered(column.values, rows) };
    case "string":
      return { ...column, codes: gathered(column.codes, rows) };
  }
}

/** A column without the dictionary's entries that no row has; they hold memory. */
export function compactColumn(column: Column): Column {
  if (column.kind !== "string" || column.dictionary.length <= column.codes.length) return column;
  const known = new Map<number, number>();
  const dictionary: string[] = [];
  const codes = column.codes.map((code) => {
    const value = column.dictionary[code];
    if (value === undefined) return MISSING_STRING;
    const renamed = known.get(code) ?? dictionary.push(value) - 1;
    known.set(code, renamed);
    return renamed;
  });
  return { ...column, codes, dictionary };
}

/** A column that is missing in every row. */
export function missingColumn({ name, kind, type }: Field, rows: number): Column {
  switch (kind) {
    case "number":
      return { name, kind, type, values: new Float64Array(rows).fill(NaN) };
    case "boolean":
      return { name, kind, type, values: new Uint8Array(rows).fill(MISSING_BOOLEAN) };
    case "timestamp":
      return { name, kind, type, values: new BigInt64Array(rows).fill(MISSING_TIMESTAMP) };
    case "string":
      return { name, kind, type, codes: new Int32Array(rows).fill(MISSING_STRING), dictionary: [] };
  }
}

/** Puts columns of one kind one below the other. */
export function concatColumn({ name, kind, type }: Field, parts: readonly Column[]): Column {
  switch (kind) {
    case "number":
      return { name, kind, type, ...concatNumbers(parts.filter((part) => part.kind === kind)) };
    case "boolean": {
      const own = parts.filter((part) => part.kind === kind).map((part) => part.values);
      return { name, kind, type, values: joined(Uint8Array, own) };
    }
    case "timestamp": {
      const own = parts.filter((part) => part.kind === kind).map((part) => part.values);
      return { name, kind, type, values: joined(BigInt64Array, own) };
    }
    case "string":
      return { name, kind, type, ...concatStrings(parts.filter((part) => part.kind === kind)) };
  }
}

function concatNumbers(parts: readonly NumberColumn[]): Pick<NumberColumn, "values" | "exact"> {
  const values = joined(Float64Array, parts.map((part) => part.values));
  const sample = parts.find((part) => part.exact)?.exact;
  if (!sample) return { values };
  // A file with narrower integers has no exact values of its own: its doubles are exact.
  const exact = sample instanceof BigInt64Array
    ? joined(BigInt64Array, parts.map((part) => part.exact ?? BigInt64Array.from(bigints(part))))
    : joined(BigUint64Array, parts.map((part) => part.exact ?? BigUint64Array.from(bigints(part))));
  return { values, exact };
}

function* bigints({ values }: NumberColumn): Iterable<bigint> {
  for (const value of values) yield Number.isNaN(value) ? 0n : BigInt(value);
}

function concatStrings(parts: readonly StringColumn[]): Pick<StringColumn, "codes" | "dictionary"> {
  const known = new Map<string, number>();
  const codes = joined(
    Int32Array,
    parts.map((part) => {
      const renamed = part.dictionary.map((value) => {
        const code = known.get(value) ?? known.size;
        known.set(value, code);
        return code;
      });
      return part.codes.map((code) => code === MISSING_STRING ? code : renamed[code] ?? code);
    }),
  );
  return { codes, dictionary: [...known.keys()] };
}

interface TypedArray<T> {
  readonly length: number;
  set(values: ArrayLike<T>, offset?: number): void;
}

function joined<T, A extends TypedArray<T>>(
  Type: new (length: number) => A,
  parts: readonly ArrayLike<T>[],
): A {
  const whole = new Type(parts.reduce((rows, part) => rows + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

type Values =
  | NumberColumn["values"]
  | BooleanColumn["values"]
  | BigInt64Array
  | BigUint64Array
  | Int32Array;

function gathered<A extends Values>(values: A, rows: Uint32Array): A;
function gathered(values: Values, rows: Uint32Array): Values {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    return gatheredLongs(values, rows);
  }
  const picked = values instanceof Float64Array
    ? new Float64Array(rows.length)
    : values instanceof Int32Array
    ? new Int32Array(rows.length)
    : new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] ?? 0] ?? 0;
  return picked;
}

/** Word by word: a BigInt for each would cost more than all else. */
function gatheredLongs(
  values: BigInt64Array | BigUint64Array,
  rows: Uint32Array,
): BigInt64Array | BigUint64Array {
  const from = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const picked = new Int32Array(2 * rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    picked[2 * i] = from[2 * row] ?? 0;
    picked[2 * i + 1] = from[2 * row + 1] ?? 0;
  }
  return values instanceof BigInt64Array
    ? new BigInt64Array(picked.buffer)
    : new BigUint64Array(picked.buffer);
}
