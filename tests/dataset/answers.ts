/**
 * What pyarrow reads in a file, beside what we do.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Batch, keysOf, openDataset, readTable } from "../../jobs/lib/dataset/mod.ts";

/** A column in `<case>.json`, as `generate.py` writes it. */
interface Answer {
  /** None of a column that is not read. */
  readonly kind: string | null;
  readonly values: readonly (string | null)[];
}

/** Asserts that `<case>.parquet` has the values that `<case>.json` says. */
export async function assertAsAnswered(folder: string, name: string): Promise<void> {
  const answers: Record<string, Answer> = JSON.parse(await Deno.readTextFile(join(folder, name)));
  const dataset = await openDataset(join(folder, name.replace(".json", ".parquet")));
  const table = await readTable(dataset);
  const readable = Object.entries(answers).filter(([, { kind }]) => kind !== null);
  const unreadable = Object.keys(answers).filter((column) => !answers[column]?.kind);
  assert.deepEqual(dataset.fields.map((field) => field.name), readable.map(([key]) => key));
  assert.deepEqual(dataset.unsupported.map((field) => field.name), unreadable);
  for (const [column, { kind, values }] of readable) {
    const read = table.columns.find((each) => each.name === column);
    // A column of nulls only may come as any kind.
    if (read?.type !== "null") assert.equal(read?.kind, kind, column);
    assert.deepEqual(exactValues(table, column), values.map(normalised(kind)), column);
  }
}

/** Values of a column as the answers have them: exact, times in microseconds. */
function exactValues(table: Batch, name: string): (string | null)[] {
  const column = table.columns.find((each) => each.name === name);
  if (column?.kind !== "timestamp") return keysOf(table, name);
  return Array.from(column.values, (value) => value === -(2n ** 63n) ? null : String(value));
}

/** Python's spelling of numbers and booleans in JavaScript's. */
function normalised(kind: string | null): (value: string | null) => string | null {
  return (value) => {
    if (value === null) return null;
    if (kind === "boolean") return value.toLowerCase();
    // Integers have all their digits in both; the rest compares as doubles.
    if (kind !== "number" || /^-?\d+$/.test(value)) return value;
    return String(Number(value.replace("inf", "Infinity")));
  };
}
