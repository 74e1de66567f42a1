/**
 * A few rows of the training data, as MLflow stores an input example: a pandas frame in split
 * orientation.
 *
 * @module
 */

import { z } from "zod";
import {
  type Batch,
  type Column,
  type Feature,
  type FeatureSchema,
  MISSING_BOOLEAN,
  MISSING_STRING,
  MISSING_TIMESTAMP,
} from "../../dataset/mod.ts";
import { DataError, issuesOf } from "../../errors.ts";
import { hasZone } from "./signature.ts";

/** Most rows an example has. */
export const EXAMPLE_ROWS = 5;

/** `DataFrame.to_dict(orient="split")` without the index. */
export interface SplitFrame {
  readonly columns: readonly string[];
  readonly data: readonly (readonly Cell[])[];
}

/** A value of a row; timestamps in ISO 8601. */
export type Cell = string | number | boolean | null;

/** The first rows of a batch, only the columns that the model takes, in the schema's order. */
export function toInputExample(batch: Batch, schema: FeatureSchema): SplitFrame {
  const columns = schema.features
    .map(({ name }) => batch.columns.find((column) => column.name === name))
    .filter((column) => column !== undefined);
  const rows = Math.min(batch.rows, EXAMPLE_ROWS);
  return {
    columns: columns.map(({ name }) => name),
    data: Array.from({ length: rows }, (_, row) => columns.map((column) => cell(column, row))),
  };
}

/**
 * The rows of a stored example as the model takes them: the inverse of {@linkcode toInputExample}.
 *
 * @throws {DataError} `model.example-invalid`
 */
export function fromInputExample(json: unknown, schema: FeatureSchema): Batch {
  const parsed = FRAME.safeParse(json);
  if (!parsed.success) throw invalid(issuesOf(parsed.error));
  const { columns, data } = parsed.data;
  return {
    rows: data.length,
    file: "",
    firstRow: 0,
    columns: schema.features.map((feature) => {
      const at = columns.indexOf(feature.name);
      if (at < 0) throw invalid(`it has no column ${feature.name}`);
      return toColumn(feature, data.map((row) => row[at] ?? null));
    }),
  };
}

const FRAME = z.object({
  columns: z.array(z.string()),
  data: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))).min(1).max(1000),
});

function toColumn({ name, kind, type }: Feature, cells: readonly Cell[]): Column {
  switch (kind) {
    case "number":
      return { kind, name, type, values: Float64Array.from(cells, (cell) => Number(cell ?? NaN)) };
    case "boolean": {
      const byte = (cell: Cell) => cell === null ? MISSING_BOOLEAN : cell === true ? 1 : 0;
      return { kind, name, type, values: Uint8Array.from(cells, byte) };
    }
    case "timestamp":
      return { kind, name, type, values: BigInt64Array.from(cells, microseconds) };
    case "categorical": {
      const dictionary = [
        ...new Set(cells.flatMap((cell) => typeof cell === "string" ? cell : [])),
      ];
      const codes = Int32Array.from(cells, (cell) => dictionary.indexOf(String(cell ?? "")));
      return { kind: "string", name, type, codes, dictionary };
    }
  }
}

function microseconds(cell: Cell): bigint {
  if (cell === null) return MISSING_TIMESTAMP;
  const [, seconds, digits = ""] =
    /^([-+\d]+T[\d:]+)(?:\.(\d{1,6}))?(?:Z|\+00:00)?$/.exec(String(cell)) ??
      [];
  const whole = Date.parse(`${seconds}Z`);
  if (Number.isNaN(whole)) throw invalid(`${JSON.stringify(cell)} is no time`);
  return BigInt(whole) * 1000n + BigInt(digits.padEnd(6, "0"));
}

function invalid(found: string): DataError {
  return new DataError({
    code: "model.example-invalid",
    cannot: "read the model's input_example.json",
    found,
    todo: "Use the bundle as training wrote it",
  });
}

function cell(column: Column, row: number): Cell {
  switch (column.kind) {
    case "number": {
      const value = column.values[row];
      return value === undefined || !Number.isFinite(value) ? null : value;
    }
    case "boolean": {
      const value = column.values[row];
      return value === undefined || value === MISSING_BOOLEAN ? null : value === 1;
    }
    case "string": {
      const code = column.codes[row] ?? MISSING_STRING;
      return code === MISSING_STRING ? null : column.dictionary[code] ?? null;
    }
    case "timestamp": {
      const value = column.values[row];
      if (value === undefined || value === MISSING_TIMESTAMP) return null;
      return isoTime(value, hasZone(column.type));
    }
  }
}

function isoTime(microseconds: bigint, zone: boolean): string {
  const whole = (microseconds - (((microseconds % 1000n) + 1000n) % 1000n)) / 1000n;
  const rest = String(microseconds - whole * 1000n).padStart(3, "0");
  const iso = new Date(Number(whole)).toISOString().slice(0, -1);
  return iso + (rest === "000" ? "" : rest) + (zone ? "+00:00" : "");
}
