import assert from "node:assert/strict";
import { batchOf } from "../batch_of.ts";
import { type InferOptions, inferSchema } from "./infer.ts";
import type { FeatureSchema } from "./schema.ts";
import { parseFeatureSchema } from "./schema_json.ts";

const table = batchOf({
  id: ["a", "b", "c"],
  y: [1, 0, 1],
  s: ["x", "y", "y"],
  b: [true, false, null],
  t: [new Date(0), new Date(8e9), new Date(1e10)],
  same: [1, 1, 1],
});

Deno.test("parseFeatureSchema() reads what was stringified", () => {
  const given: readonly InferOptions[] = [
    { label: "y" },
    { label: "s", key: "id", time: "t" },
    { label: "b", timestampEncoding: "cyclic" },
  ];
  for (const options of given) {
    const schema = inferSchema(table, options);
    assert.deepEqual(parseFeatureSchema(JSON.parse(JSON.stringify(schema))), schema);
  }
  const schema = inferSchema(table, { label: "y", objective: "regression" });
  assert.deepEqual(parseFeatureSchema(JSON.parse(JSON.stringify(schema))), schema);
});

Deno.test("parseFeatureSchema() names what is wrong", () => {
  const schema: FeatureSchema = inferSchema(table, { label: "y" });
  const [first] = schema.features;
  const time = schema.features.find(({ kind }) => kind === "timestamp");
  const wrong: readonly [unknown, RegExp][] = [
    [null, /it: /],
    [{ ...schema, version: 2 }, /version: /],
    [{ ...schema, target: { ...schema.target, classes: [1, 1] } }, /target/],
    [{ ...schema, target: { ...schema.target, kind: "string" } }, /target/],
    [{ ...schema, features: [first, first] }, /features: names repeat/],
    [{ ...schema, features: [{ ...first, kind: "blob" }] }, /features\.0\.kind: /],
    [{ ...schema, features: [{ ...time, parts: ["hour_tan"] }] }, /features\.0\.parts\.0: /],
    [{ ...schema, extra: 1 }, /extra/],
  ];
  for (const [json, message] of wrong) {
    assert.throws(() => parseFeatureSchema(json), { code: "data.schema-invalid", message });
  }
});
