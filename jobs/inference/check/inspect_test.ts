import assert from "node:assert/strict";
import type { Batch, Dataset, FeatureSchema, Field } from "../../lib/dataset/mod.ts";
import { inferConstraints, profileOf, statisticsOf } from "../../lib/dataset/mod.ts";
import { type Expectations, inspect } from "./inspect.ts";

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

function expecting(more: Partial<Expectations> = {}): Expectations {
  return {
    schema: SCHEMA,
    key: "id",
    baseline: { statistics: undefined, predictions: undefined, constraints: undefined },
    onViolation: "fail",
    onDrift: "warn",
    thresholds: { stability: 0.2, missing: 0.1 },
    ...more,
  };
}

const told = (
  violations: readonly { feature_name: string; constraint_check_type: string; severity: string }[],
) => violations.map((each) => [each.feature_name, each.constraint_check_type, each.severity]);

Deno.test("inspect() lets odd data pass with warnings, and counts what is in it", async () => {
  const { statistics, violations } = await inspect(dataset(COLUMNS), expecting());
  assert.deepEqual(told(violations), [["id", "uniqueness_check", "warning"]]);
  const [x, c] = statistics.features;
  assert.deepEqual(x?.numerical_statistics?.common, { num_present: 2, num_missing: 1 });
  assert.equal(x?.numerical_statistics?.mean, 1.5);
  assert.equal(c?.string_statistics?.distinct_count, 2);
});

Deno.test("inspect() names every column that is missing, of another type, or without a value", async () => {
  const text: Batch["columns"][number] = {
    kind: "string",
    name: "x",
    type: "string",
    codes: Int32Array.of(0, 0, 0),
    dictionary: ["a"],
  };
  const wrong = await inspect(dataset([text]), expecting());
  assert.deepEqual(told(wrong.violations), [
    ["c", "missing_column_check", "error"],
    ["id", "missing_column_check", "error"],
    ["x", "data_type_check", "error"],
  ]);
  const [x, c, id] = COLUMNS;
  const empty = { ...x!, values: Float64Array.of(NaN, NaN, NaN) } as Batch["columns"][number];
  const { violations } = await inspect(dataset([empty, c!, id!]), expecting({ key: undefined }));
  assert.deepEqual(told(violations), [["x", "completeness_check", "error"]]);
});

Deno.test("inspect() judges broken constraints and drift as it is told", async () => {
  const column = (name: string, value: (row: number) => number): Batch["columns"][number] => ({
    kind: "number",
    name,
    type: "int64",
    values: Float64Array.from({ length: 500 }, (_, row) => value(row)),
  });
  const schema: FeatureSchema = {
    ...SCHEMA,
    features: [{ name: "x", kind: "number", type: "int64" }, {
      name: "n",
      kind: "number",
      type: "int64",
    }],
  };
  const days = (x: (row: number) => number, n: (row: number) => number) =>
    dataset([column("x", x), column("n", n)]);
  const training = days((row) => row % 50, (row) => row % 7);
  const baseline = statisticsOf(await profileOf(training.batches()));
  const today = days((row) => row % 50 + 40, (row) => row % 7 - 1);
  const constraints = inferConstraints(baseline);
  const own = { statistics: baseline, predictions: undefined, constraints };
  const expected = { schema, key: undefined, baseline: own };
  const found = async (more: Partial<Expectations>) =>
    told((await inspect(today, expecting({ ...expected, ...more }))).violations);
  assert.deepEqual(await found({}), [
    ["n", "value_range_check", "error"],
    ["x", "baseline_drift_check", "warning"],
    ["n", "baseline_drift_check", "warning"],
  ]);
  assert.deepEqual(
    await found({
      onViolation: "warn",
      onDrift: "fail",
      thresholds: { stability: 4, missing: 0.1 },
    }),
    [
      ["n", "value_range_check", "warning"],
      ["x", "baseline_drift_check", "error"],
    ],
  );
  assert.deepEqual((await inspect(training, expecting(expected))).violations, []);
});
