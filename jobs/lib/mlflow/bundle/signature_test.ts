import assert from "node:assert/strict";
import type { Feature, FeatureSchema } from "../../dataset/mod.ts";
import { inputColumns, outputColumns } from "./signature.ts";

const feature = (kind: "number" | "boolean" | "categorical", type: string): Feature => ({
  name: type,
  kind,
  type,
});
const time = (type: string): Feature => ({ name: type, kind: "timestamp", type, parts: ["hour"] });
const schema: FeatureSchema = {
  version: 1,
  target: { objective: "classification", label: "late", kind: "boolean", classes: [false, true] },
  features: [
    feature("number", "double"),
    feature("number", "int32"),
    feature("number", "int64"),
    feature("number", "decimal(10,2)"),
    feature("boolean", "bool"),
    feature("categorical", "string"),
    time("timestamp[us]"),
    time("timestamp[us, America/New_York]"),
    time("date"),
  ],
  dropped: [],
};
const NEEDS_ANY = /int64|decimal|,/;
const types = (options?: Parameters<typeof inputColumns>[1]) =>
  inputColumns(schema, options).map(({ type }) => type);

Deno.test("inputColumns() names types where they hold for every frame of such a file", () => {
  const plain = {
    ...schema,
    features: schema.features.filter(({ type }) => !NEEDS_ANY.test(type)),
  };
  assert.deepEqual(inputColumns(plain).map(({ type }) => type), [
    "double",
    "double",
    "boolean",
    "string",
    "datetime",
    "datetime",
  ]);
});

Deno.test("inputColumns() is any for all columns or for none", () => {
  const any = schema.features.map(() => "any");
  assert.deepEqual(types(), any);
  assert.deepEqual(types({ mlflowVersion: "3.0.0" }), any);
  assert.deepEqual(types({ mlflowVersion: "2.19.0" }), any);
});

Deno.test("inputColumns() goes without any for an MLflow that does not know it", () => {
  const old = [
    "double",
    "double",
    "long",
    "string",
    "boolean",
    "string",
    "datetime",
    "datetime",
    "datetime",
  ];
  assert.deepEqual(types({ mlflowVersion: "2.16.2" }), old);
  const [, , int64] = types({ mlflowVersion: "2.16.2", missing: new Set(["int64"]) });
  assert.equal(int64, "double");
});

Deno.test("inputColumns() requires the columns that had no missing values", () => {
  const columns = inputColumns(schema, { missing: new Set(["int32", "string"]) });
  const optional = columns.filter(({ required }) => !required).map(({ name }) => name);
  assert.deepEqual(optional, ["int32", "string"]);
});

Deno.test("outputColumns() are the outputs of the graph", () => {
  assert.deepEqual(outputColumns(schema.target).map(({ name, type }) => `${name} ${type}`), [
    "label boolean",
    "probability_false float",
    "probability_true float",
  ]);
  const regression = outputColumns({ objective: "regression", label: "y" });
  assert.deepEqual(regression, [{ type: "float", name: "prediction", required: true }]);
});
