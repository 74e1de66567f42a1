/**
 * A few rows of the training data, as MLflow stores an input example: a pandas frame in split
 * orientation.
 *
 * @module
 */

import {
  type Batch,
  type Column,
  type FeatureSchema,
  MISSING_BOOLEAN,
  MISSING_STRING,
  MISSING_TIMESTAMP,
} from "../../dataset/mod.ts";
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
