import assert from "node:assert/strict";
import type { Field } from "../column.ts";
import { matchColumns } from "./match.ts";
import type { FeatureSchema } from "./schema.ts";

const schema: FeatureSchema = {
  version: 1,
  target: { objective: "regression", label: "y" },
  key: "id",
  features: [
    { name: "n", kind: "number", type: "double" },
    { name: "c", kind: "categorical", type: "string" },
    { name: "t", kind: "timestamp", type: "timestamp[us]", parts: ["hour"] },
  ],
  dropped: [],
};
const fields: Field[] = [
  { name: "more", kind: "boolean", type: "bool" },
  { name: "id", kind: "number", type: "int64" },
  { name: "n", kind: "number", type: "int32" },
  { name: "c", kind: "number", type: "null" },
  { name: "t", kind: "timestamp", type: "date" },
];

Deno.test("matchColumns() reads the features and the key, whatever else there is", () => {
  assert.deepEqual(matchColumns(schema, fields), {
    columns: ["n", "c", "t", "id"],
    extra: ["more"],
  });
  assert.deepEqual(matchColumns(schema, fields, null), {
    columns: ["n", "c", "t"],
    extra: ["more", "id"],
  });
  assert.deepEqual(matchColumns(schema, fields, "n").columns, ["n", "c", "t"]);
});

Deno.test("matchColumns() names all columns that are missing or of another type", () => {
  const text: Field = { name: "n", kind: "string", type: "string" };
  assert.throws(() => matchColumns(schema, [text]), {
    code: "data.column-missing",
    message: /it has no c, t, id; n is string, not double/,
  });
  const typed = fields.map((field) => field.name === "n" ? text : field);
  assert.throws(() => matchColumns(schema, typed), {
    code: "data.column-type",
    message: /: n is string, not double\./,
  });
});

Deno.test("matchColumns() tells a column that is not read from one that is not there", () => {
  const rest = fields.filter(({ name }) => name !== "c");
  assert.throws(() => matchColumns(schema, rest, null, [{ name: "c", type: "list" }]), {
    code: "data.column-type",
    message: /: c is list, which is not read\./,
  });
});
