import { type Batch, type Column, MISSING_BOOLEAN, MISSING_TIMESTAMP } from "./column.ts";
import { isoTime } from "./keys.ts";

/** A value as JSON has it: times in ISO 8601, integers of 64 bits that a number does not hold as text. */
export type JsonValue = string | number | boolean | null;

/** A row of a batch, column by column. */
export function rowValues(batch: Batch, row: number): Record<string, JsonValue> {
  return Object.fromEntries(batch.columns.map((column) => [column.name, valueOf(column, row)]));
}

function valueOf(column: Column, row: number): JsonValue {
  switch (column.kind) {
    case "number": {
      const value = column.values[row] ?? NaN;
      if (Number.isNaN(value)) return null;
      return Number.isSafeInteger(value) || Number.isFinite(value) && column.exact === undefined
        ? value
        : String(column.exact?.[row] ?? value);
    }
    case "boolean":
      return column.values[row] === MISSING_BOOLEAN ? null : column.values[row] === 1;
    case "string":
      return column.dictionary[column.codes[row] ?? -1] ?? null;
    case "timestamp": {
      const value = column.values[row] ?? MISSING_TIMESTAMP;
      return value === MISSING_TIMESTAMP ? null : isoTime(value);
    }
  }
}
