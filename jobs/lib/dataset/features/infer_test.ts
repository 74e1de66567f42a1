import assert from "node:assert/strict";
import { DataError } from "../../errors.ts";
import { batchOf, type Cell } from "../batch_of.ts";
import { type InferOptions, inferSchema } from "./infer.ts";
import { targetValues } from "./target.ts";

const ROWS = 40;
const rows = <T extends Cell>(value: (row: number) => T) =>
  Array.from({ length: ROWS }, (_, i) => value(i));
const y = rows((row) => row % 3 === 0);

function refusal(columns: Record<string, Cell[]>, options: InferOptions): DataError {
  try {
    inferSchema(batchOf(columns), options);
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

Deno.test("inferSchema() drops columns of no use and says why", () => {
  const table = batchOf({
    y,
    id: rows((row) => `row ${row}`),
    name: rows((row) => `row ${row}`),
    same: rows(() => 1),
    sameOrNull: rows((row) => row === 3 ? null : 1),
    nothing: rows(() => null),
    group: rows((row) => `group ${row % 5}`),
    told: rows((row) => row),
    seq: rows((row) => row),
    blank: rows(() => ""),
  });
  const schema = inferSchema(table, {
    label: "y",
    key: "id",
    time: "seq",
    drop: ["told", "bytes"],
    unsupported: [{ name: "bytes", type: "binary" }, { name: "list", type: "list" }],
  });
  assert.deepEqual(schema.features.map(({ name, kind }) => [name, kind]), [
    ["sameOrNull", "number"],
    ["group", "categorical"],
  ]);
  assert.deepEqual(schema.dropped, [
    { name: "name", reason: "names rows: 40 different values in 40 rows" },
    { name: "same", reason: "the same in every row" },
    { name: "nothing", reason: "missing in every row" },
    { name: "told", reason: "dropped as told" },
    { name: "seq", reason: "orders the rows in time" },
    { name: "blank", reason: "missing in every row" },
    { name: "bytes", reason: "dropped as told" },
    { name: "list", reason: "type list" },
  ]);
});

Deno.test("inferSchema() tells text, ids and many categories from categories", () => {
  const many = 300;
  const row = <T extends Cell>(value: (row: number) => T) =>
    Array.from({ length: many }, (_, i) => value(i));
  const table = batchOf({
    y: row((i) => i % 3 === 0),
    note: row((i) => `the customer called ${i % 140} times and was not amused`),
    slogan: row((i) => `one of the ${i % 9} sentences on the poster`),
    customer_id: row((i) => BigInt(i * 977)),
    paid: row((i) => BigInt(i * 977)),
    grp: row((i) => i % 50),
    code: row((i) => i % 2 === 0 ? "most" : `rare ${i}`),
  });
  const reasons = (options: Partial<InferOptions> = {}) =>
    inferSchema(table, { label: "y", group: "grp", ...options }).dropped
      .map(({ name, reason }) => `${name}: ${reason}`);
  assert.deepEqual(reasons(), [
    "note: free text: 9 words in a value on average",
    "customer_id: names rows: 300 different values in 300 rows",
    "grp: groups the rows",
    "code: names rows: 151 different values in 300 rows",
  ]);
  assert.ok(!reasons({ minCategoryRows: 5 }).some((each) => each.startsWith("code")));
});

Deno.test("inferSchema() takes no string of too many categories, and says what to do", () => {
  const count = 24_000;
  const all = <T extends Cell>(value: (row: number) => T) =>
    Array.from({ length: count }, (_, i) => value(i));
  const table = batchOf({
    y: all((i) => i % 3 === 0),
    zip: all((i) => i < 2_000 ? "common" : `zip ${i % 11_000}`),
    x: all((i) => i),
  });
  assert.deepEqual(inferSchema(table, { label: "y" }).dropped, [{
    name: "zip",
    reason: "11001 categories, more than 10000: put the rare ones together with " +
      "--min-category-rows, or give a coarser column",
  }]);
  assert.deepEqual(inferSchema(table, { label: "y", minCategoryRows: 3 }).dropped, []);
});

Deno.test("inferSchema() takes the parts of a timestamp that say something", () => {
  const parts = (at: (row: number) => Date, options: Partial<InferOptions> = {}) => {
    const table = batchOf({ y, x: rows((row) => row), at: rows(at) });
    const schema = inferSchema(table, { label: "y", ...options });
    const feature = schema.features.find(({ name }) => name === "at");
    return feature?.kind === "timestamp" ? feature.parts : feature;
  };
  const at = (month: number, day: number, hour = 0, minute = 0) =>
    new Date(Date.UTC(2013, month, day, hour, minute));
  assert.deepEqual(parts((row) => at(5, 1 + row % 3, row % 24)), ["day_of_week", "hour"]);
  assert.deepEqual(parts((row) => at(5, 3, 0, row)), ["minute_of_day"]);
  assert.deepEqual(parts((row) => at(row % 2, row)), ["day", "day_of_week"]);
  assert.deepEqual(parts((row) => at(row % 6, 1 + row)), ["month", "day", "day_of_week"]);
  assert.equal(parts((row) => at(5, 3, 1, row % 2 / 2)), undefined);
  const cyclic = { timestampEncoding: "cyclic" } as const;
  assert.deepEqual(parts((row) => at(5, 1 + row % 3, row % 24), cyclic), [
    ...["day_of_week_sin", "day_of_week_cos"],
    ...["hour_sin", "hour_cos"],
  ]);
  // Midnight and noon are one height on the circle.
  assert.deepEqual(parts((row) => at(5, 3, row % 2 * 12), cyclic), ["hour_cos"]);
});

Deno.test("inferSchema() orders classes false before true, integers ascending, strings sorted", () => {
  const classes = (label: (row: number) => Cell) => {
    const table = batchOf({ y: rows(label), x: rows((row) => row) });
    const { target } = inferSchema(table, { label: "y" });
    assert.ok(target.objective === "classification");
    const { labels } = targetValues(target, table);
    assert.deepEqual(Array.from(labels, (each) => target.classes[each]), rows(label));
    return target.classes;
  };
  assert.deepEqual(classes((row) => row % 2 === 0), [false, true]);
  assert.deepEqual(classes((row) => [10, -3, 9][row % 3] ?? 0), [-3, 9, 10]);
  assert.deepEqual(classes((row) => ["b", "B", "é", "10", "9"][row % 5] ?? ""), [
    "10",
    "9",
    "B",
    "b",
    "é",
  ]);
});

Deno.test("targetValues() counts rows without a label and with an unknown one", () => {
  const { target } = inferSchema(batchOf({ y: ["a", "b"], x: [1, 2] }), { label: "y" });
  const read = targetValues(target, batchOf({ y: ["b", null, "c", "", "a"] }));
  assert.deepEqual(read, { labels: Int32Array.of(1, -1, -1, -1, 0), missing: 2, unknown: 1 });
  const wrong = () => targetValues(target, batchOf({ y: [1] }));
  assert.throws(wrong, { code: "data.label-type" });
  const regression = { objective: "regression", label: "y" } as const;
  const numbers = targetValues(regression, batchOf({ y: [1.5, null] }));
  assert.deepEqual(numbers, { labels: Float64Array.of(1.5, NaN), missing: 1, unknown: 0 });
});

Deno.test("inferSchema() refuses a label of no use", () => {
  const x = rows((row) => row);
  const cases: readonly [Cell[], string, RegExp, ("classification" | "regression")?][] = [
    [rows((row) => row / 7), "data.label-type", /0\.14.*Use --objective regression/],
    [rows((row) => new Date(row)), "data.label-type", /timestamp/],
    [rows(() => "a"), "data.label-constant", /every row has a/],
    [rows(() => null), "data.label-constant", /missing in every row/],
    [rows((row) => row < 10 ? row % 2 : null), "data.label-mostly-missing", /30 of 40 rows/],
    [rows((row) => `${row % 2}`), "data.label-type", /it is string.*number/, "regression"],
    [rows((row) => row === 3 ? Infinity : row), "data.label-infinite", /1 rows/, "regression"],
    [Array.from({ length: 1001 }, (_, i) => i), "data.label-classes", /more than 1000/],
  ];
  for (const [label, code, message, objective] of cases) {
    const options = { label: "y", ...(objective ? { objective } : {}) };
    const error = refusal({ x: label.map((_, i) => i), y: label }, options);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.equal(error.place.column, "y");
  }
  const list = { label: "z", unsupported: [{ name: "z", type: "list" }] };
  assert.match(refusal({ x, y }, list).message, /column z as the label: it is list/);
  assert.equal(refusal({ x, y }, { label: "late" }).code, "data.label-missing");
  assert.match(refusal({ x, Late: y }, { label: "lates" }).message, /Did you mean Late\?/);
  assert.equal(refusal({ x, y }, { label: "y", key: "id" }).code, "data.column-missing");
  assert.equal(refusal({ x, y }, { label: "y", drop: ["z"] }).code, "data.column-missing");
  assert.equal(refusal({ x, y }, { label: "y", drop: ["x"] }).code, "data.no-features");
});
