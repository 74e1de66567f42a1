import assert from "node:assert/strict";
import type { Batch, Dataset, FeatureSchema, Field } from "../../lib/dataset/mod.ts";
import { statistics } from "./files.ts";
import { inspect } from "./inspect.ts";

const SCHEMA: FeatureSchema = {
  version: 1,
  target: { objective: "regression", label: "y" },
  key: "id",
  features: [
    { name: "x", kind: "number", type: "double" },
    { name: "c", kind: "categorical", type: "string" },
  ],
  dropped: [],
};

const COLUMNS: Batch["columns"] = [
  { kind: "number", name: "x", type: "double", values: Float64Array.of(1, 2, NaN) },
  {
    kind: "string",
    name: "c",
    type: "string",
    codes: Int32Array.of(0, 1, 0),
    dictionary: ["a", "b"],
  },
  { kind: "number", name: "id", type: "int64", values: Float64Array.of(7, 8, 8) },
];

function dataset(columns: Batch["columns"]): Dataset {
  const fields = columns.map(({ name, kind, type }): Field => ({ name, kind, type }));
  return {
    uri: "day",
    files: [{ path: "day/a.parquet", rows: 3, bytes: 1 }],
    rows: 3,
    fields,
    unsupported: [],
    async *batches(options) {
      const names = options?.columns ?? fields.map(({ name }) => name);
      const asked = names.flatMap((name) => columns.filter((column) => column.name === name));
      yield { rows: 3, columns: asked, file: "day/a.parquet", firstRow: 0 };
    },
  };
}

Deno.test("inspect() lets odd data pass with warnings, and counts what is in it", async () => {
  const { report, violations, warnings } = await inspect(dataset(COLUMNS), SCHEMA, "id");
  assert.deepEqual(violations, []);
  assert.deepEqual(warnings.map(({ code }) => code), ["data.key-repeated"]);
  assert.deepEqual(statistics(report), {
    version: 0,
    dataset: { item_count: 3 },
    features: [
      {
        name: "x",
        inferred_type: "Fractional",
        numerical_statistics: {
          common: { num_present: 2, num_missing: 1 },
          mean: 1.5,
          sum: 3,
          min: 1,
          max: 2,
        },
      },
      {
        name: "c",
        inferred_type: "String",
        string_statistics: { common: { num_present: 3, num_missing: 0 }, distinct_count: 2 },
      },
      {
        name: "id",
        inferred_type: "Integral",
        numerical_statistics: {
          common: { num_present: 3, num_missing: 0 },
          mean: 23 / 3,
          sum: 23,
          min: 7,
          max: 8,
        },
      },
    ],
  });
});

Deno.test("inspect() names every column that is missing, of another type, or without a value", async () => {
  const text: Batch["columns"][number] = {
    kind: "string",
    name: "x",
    type: "string",
    codes: Int32Array.of(0, 0, 0),
    dictionary: ["a"],
  };
  const wrong = await inspect(dataset([text]), SCHEMA, "id");
  assert.deepEqual(
    wrong.violations.map((each) => [each.feature_name, each.constraint_check_type]),
    [["c", "missing_column_check"], ["id", "missing_column_check"], ["x", "data_type_check"]],
  );
  const [x, c, id] = COLUMNS;
  const empty = { ...x!, values: Float64Array.of(NaN, NaN, NaN) } as Batch["columns"][number];
  const { violations } = await inspect(dataset([empty, c!, id!]), SCHEMA, "id");
  assert.deepEqual(
    violations.map((each) => [each.feature_name, each.constraint_check_type]),
    [["x", "completeness_check"]],
  );
});
