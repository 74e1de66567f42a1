import assert from "node:assert/strict";
import fc from "fast-check";
import { batchOf } from "../batch_of.ts";
import { encode, fitEncoding } from "./encode.ts";
import { inferSchema } from "./infer.ts";
import type { FeatureSchema } from "./schema.ts";
import { type Labels, targetValues } from "./target.ts";

const category: FeatureSchema["features"][number] = {
  name: "c",
  kind: "categorical",
  type: "string",
};

function order(categories: readonly string[], labels: Labels, classes: number): readonly string[] {
  const schema: FeatureSchema = {
    version: 1,
    target: classes === 0 ? { objective: "regression", label: "y" } : {
      objective: "classification",
      label: "y",
      kind: "integer",
      classes: Array.from({ length: classes }, (_, i) => i),
    },
    features: [category],
    dropped: [],
  };
  const rows = Uint32Array.from(categories.keys());
  const encoding = fitEncoding(schema, batchOf({ c: categories }), rows, labels);
  return encoding.categories.get("c") ?? [];
}

const rows = fc.array(fc.tuple(fc.constantFrom(..."abcdef"), fc.integer({ min: 0, max: 1 })), {
  minLength: 2,
  maxLength: 40,
});

Deno.test("fitEncoding() orders categories so that no subset splits better than a threshold", () => {
  fc.assert(fc.property(rows, (pairs) => {
    const values = pairs.map(([value]) => value);
    const known = order(values, Int32Array.from(pairs, ([, label]) => label), 2);
    const impurity = (left: (value: string) => boolean) => {
      const side = (on: boolean) => {
        const labels = pairs.filter(([value]) => left(value) === on).map(([, label]) => label);
        const ones = labels.reduce((sum, label) => sum + label, 0);
        return labels.length === 0 ? 0 : ones * (labels.length - ones) / labels.length;
      };
      return side(true) + side(false);
    };
    const subsets = Array.from(
      { length: 2 ** known.length },
      (_, mask) => impurity((value) => (mask >> known.indexOf(value) & 1) === 1),
    );
    const thresholds = Array.from(
      { length: known.length + 1 },
      (_, at) => impurity((value) => known.indexOf(value) < at),
    );
    assert.ok(Math.min(...thresholds) <= Math.min(...subsets) + 1e-9);
  }));
});

Deno.test("fitEncoding() does not depend on the order of the rows", () => {
  const triples = fc.array(
    fc.tuple(fc.constantFrom(..."abcdef"), fc.nat(2)),
    { minLength: 1, maxLength: 40 },
  );
  for (const classes of [0, 3]) {
    fc.assert(fc.property(triples, fc.infiniteStream(fc.nat()), (pairs, random) => {
      const shuffled = pairs.map((pair) => [random.next().value ?? 0, pair] as const)
        .sort(([a], [b]) => a - b).map(([, pair]) => pair);
      const [given, other] = [pairs, shuffled].map((list) =>
        order(
          list.map(([value]) => value),
          (classes === 0 ? Float64Array : Int32Array).from(list.map(([, label]) => label)),
          classes,
        )
      );
      assert.deepEqual([...given ?? []].sort(), [...new Set(pairs.map(([value]) => value))].sort());
      assert.deepEqual(given, other);
    }));
  }
});

Deno.test("fitEncoding() of three classes puts categories of like classes side by side", () => {
  const known = order(
    ["a", "a", "z", "z", "m", "m", "b", "y"],
    Int32Array.of(0, 0, 2, 2, 0, 2, 0, 2),
    3,
  );
  const text = known.join("");
  assert.ok(text === "abmyz" || text === "yzmab", text);
});

const table = batchOf({
  n: [1, 0.1, null, 16_777_217],
  b: [true, null, false, true],
  c: ["hi", "lo", null, "hi"],
  t: [new Date("1969-12-31T23:59:59Z"), null, new Date("2013-10-01T05:30:00Z"), new Date(0)],
  y: [1, 0, 0, 1],
});

Deno.test("encode() gives float32, codes and parts, with NaN for what is missing", () => {
  const schema = inferSchema(table, { label: "y" });
  const { labels } = targetValues(schema.target, table);
  const encoding = fitEncoding(schema, table, Uint32Array.of(0, 1, 2, 3), labels);
  const matrix = encode(encoding, table);
  const columns = Object.fromEntries(
    matrix.names.map((name, i) => [name, [...matrix.columns[i] ?? []]]),
  );
  assert.deepEqual(columns, {
    n: [1, Math.fround(0.1), NaN, 16_777_216],
    b: [1, NaN, 0, 1],
    c: [3, 2, 0, 3],
    "t:day": [31, NaN, 1, 1],
    "t:day_of_week": [2, NaN, 1, 3],
    "t:minute_of_day": [1439, NaN, 330, 0],
  });
  const some = encode(encoding, table, Uint32Array.of(2, 0));
  assert.deepEqual(
    some.columns.map((column) => column[1]),
    matrix.columns.map((column) => column[0]),
  );
});

Deno.test("encode() knows only the categories of the training rows, and nulls of any type", () => {
  const schema = inferSchema(table, { label: "y" });
  const { labels } = targetValues(schema.target, table);
  const encoding = fitEncoding(schema, table, Uint32Array.of(0, 2), labels);
  const nulls = batchOf({ n: [null], b: [null], c: [null], t: [null] });
  assert.deepEqual(encoding.categories.get("c"), ["hi"]);
  assert.deepEqual([...encode(encoding, table).columns[2] ?? []], [2, 1, 0, 2]);
  assert.deepEqual(
    encode(encoding, nulls).columns.map((column) => column[0]),
    [NaN, NaN, 0, NaN, NaN, NaN],
  );
  assert.throws(() => encode(encoding, batchOf({ n: [1] })), /no column b/);
});

Deno.test("fitEncoding() learns rare categories together, as one that it has not seen", () => {
  const table = batchOf({
    y: [true, false, true, false, true, false],
    c: ["a", "a", "b", "b", "rare", "alone"],
  });
  const schema = inferSchema(table, { label: "y" });
  const { labels } = targetValues(schema.target, table);
  const all = Uint32Array.from(labels.keys());
  const encoding = fitEncoding(schema, table, all, labels, 2);
  assert.deepEqual(encoding.categories.get("c"), ["a", "b"]);
  const later = batchOf({ c: ["a", "rare", "alone", "new", null] });
  assert.deepEqual([...encode(encoding, later).columns[0]!], [2, 1, 1, 1, 0]);
  // Where all are rare, the most frequent stay.
  assert.deepEqual(fitEncoding(schema, table, all, labels, 9).categories.get("c"), ["a", "b"]);
});
