import assert from "node:assert/strict";
import type { Batch, Column } from "../column.ts";
import { DatasetProfile, type Statistics, statisticsOf } from "../profile/mod.ts";
import { checkConstraints, inferConstraints, parseConstraints } from "./mod.ts";

function statistics(columns: readonly Column[], rows = 200): Statistics {
  const profile = new DatasetProfile();
  const batch: Batch = { rows, columns, file: "", firstRow: 0 };
  profile.add(batch);
  return statisticsOf(profile);
}

function numbers(name: string, value: (row: number) => number, rows = 200): Column {
  return {
    kind: "number",
    name,
    type: "double",
    values: Float64Array.from({ length: rows }, (_, i) => value(i)),
  };
}

function strings(name: string, value: (row: number) => string, rows = 200): Column {
  const values = Array.from({ length: rows }, (_, i) => value(i));
  const dictionary = [...new Set(values)].filter((text) => text !== "");
  return {
    kind: "string",
    name,
    type: "string",
    codes: Int32Array.from(values, (text) => dictionary.indexOf(text)),
    dictionary,
  };
}

const BASELINE = statistics([
  numbers("age", (i) => i),
  numbers("gaps", (i) => i % 4 === 0 ? NaN : i - 100),
  strings("carrier", (i) => ["AA", "UA", "B6"][i % 3]!),
]);

Deno.test("checkConstraints() finds nothing in the data they were inferred from", () => {
  assert.deepEqual(checkConstraints(BASELINE, inferConstraints(BASELINE)), []);
});

Deno.test("checkConstraints() finds everything at once, each with column, rule and what was found", () => {
  const found = checkConstraints(
    statistics([
      numbers("age", (i) => i % 2 === 0 ? NaN : -5),
      strings("carrier", (i) => i < 60 ? "XX" : "AA"),
      strings("gaps", () => "now text"),
      numbers("new", () => 1),
    ]),
    inferConstraints(BASELINE),
  );
  assert.deepEqual(
    found.map((each) => [each.feature_name, each.constraint_check_type, each.severity]),
    [
      ["age", "completeness_check", "error"],
      ["age", "value_range_check", "error"],
      ["gaps", "data_type_check", "error"],
      ["carrier", "categorical_values_check", "error"],
      ["new", "extra_column_check", "warning"],
    ],
  );
  assert.match(found[0]!.description, /50\.0 %.*95\.0 %/);
  assert.match(found[3]!.description, /60 rows: 'XX'/);
});

Deno.test("checkConstraints() keeps to what was edited by hand", () => {
  const inferred = inferConstraints(BASELINE, ["age", "carrier"]);
  const edited = parseConstraints({
    ...inferred,
    minimum_rows: 1_000,
    features: [
      {
        name: "age",
        inferred_type: "Integral",
        unique: true,
        num_constraints: { minimum: 3, maximum: 150 },
      },
      {
        name: "carrier",
        inferred_type: "String",
        unique: true,
        string_constraints: { pattern: "[A-Z]{2}" },
      },
    ],
  }, "constraints.json");
  assert.deepEqual(
    checkConstraints(BASELINE, edited).map((each) => each.constraint_check_type),
    [
      "row_count_check",
      "value_range_check",
      "value_range_check",
      "pattern_check",
      "uniqueness_check",
      "extra_column_check",
    ],
  );
});

Deno.test("parseConstraints() refuses what is no constraint, with its place", () => {
  assert.throws(
    () =>
      parseConstraints({
        version: 0,
        features: [{ name: "a", inferred_type: "String", string_constraints: { pattern: "(" } }],
      }, "c.json"),
    /the pattern of a is no regular expression: \(/,
  );
  assert.throws(
    () => parseConstraints({ version: 0, features: [{ name: 1 }] }, "c.json"),
    /features\.0\.name/,
  );
});
