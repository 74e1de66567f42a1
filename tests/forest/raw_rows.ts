/**
 * Raw rows for a model, and the files in which onnxruntime gets them.
 *
 * @module
 */

import {
  type Batch,
  type Column,
  type Encoding,
  type Feature,
  MISSING_BOOLEAN,
  MISSING_STRING,
  MISSING_TIMESTAMP,
} from "../../jobs/lib/dataset/mod.ts";
import { Random } from "../../jobs/lib/forest/random.ts";
import { WORDS } from "./model.ts";

const DAY = 86_400_000_000n;
/** Midnights around leap days and centuries, the last microsecond before 1970, far ends. */
const TIMES: readonly bigint[] = [
  0n,
  -1n,
  -DAY,
  -DAY - 1n,
  BigInt(Date.UTC(1900, 1, 28, 23, 59)) * 1000n + 59_999_999n,
  BigInt(Date.UTC(1900, 2, 1)) * 1000n,
  BigInt(Date.UTC(1600, 1, 29)) * 1000n,
  BigInt(Date.UTC(2000, 1, 29, 12)) * 1000n,
  BigInt(Date.UTC(1999, 11, 31)) * 1000n,
  BigInt(Date.UTC(-1, 0, 1)) * 1000n,
  MISSING_TIMESTAMP + 1n,
  2n ** 63n - 1n,
];
const NUMBERS = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e-300, 2 ** 53, 16_777_217, 0.1];

/** Rows with everything that may stand in the model's columns; known and unseen categories too. */
export function rawRows({ schema, categories }: Encoding, rows: number, seed: number): Batch {
  const random = new Random(seed);
  const columns = schema.features.map((feature) =>
    rawColumn(feature, categories.get(feature.name) ?? [], rows, random)
  );
  return { rows, columns, file: "", firstRow: 0 };
}

/** A column as the graph's input takes it: bytes, or strings. */
export function graphInput(column: Column): Uint8Array | string[] {
  switch (column.kind) {
    case "number":
      return new Uint8Array(Float32Array.from(column.values).buffer);
    case "boolean": {
      const values = Float32Array.from(column.values, (v) => v === MISSING_BOOLEAN ? NaN : v);
      return new Uint8Array(values.buffer);
    }
    case "timestamp":
      return new Uint8Array(column.values.slice().buffer);
    case "string":
      return Array.from(
        column.codes,
        (code) => code === MISSING_STRING ? "" : column.dictionary[code] ?? "",
      );
  }
}

function rawColumn(
  { name, kind, type }: Feature,
  known: readonly string[],
  rows: number,
  random: Random,
): Column {
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!;
  const each = { length: rows };
  switch (kind) {
    case "number": {
      const draw = () => random.below(4) === 0 ? pick(NUMBERS) : random.below(2000) / 100 - 10;
      return { kind, name, type, values: Float64Array.from(each, draw) };
    }
    case "boolean":
      return {
        kind,
        name,
        type,
        values: Uint8Array.from(each, () => pick([0, 1, MISSING_BOOLEAN])),
      };
    case "timestamp": {
      const draw = () =>
        random.below(10) === 0
          ? MISSING_TIMESTAMP
          : random.below(3) === 0
          ? pick(TIMES)
          : BigInt(random.next() - 2 ** 31) * 3_000_000n + BigInt(random.below(3_000_000));
      return { kind, name, type, values: BigInt64Array.from(each, draw) };
    }
    case "categorical": {
      const dictionary = [...new Set([...known, ...WORDS, "never seen"])];
      const codes = Int32Array.from(each, () => random.below(dictionary.length + 1) - 1);
      return { kind: "string", name, type, codes, dictionary };
    }
  }
}
