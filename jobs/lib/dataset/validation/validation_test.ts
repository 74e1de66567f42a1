import assert from "node:assert/strict";
import { batchOf } from "../batch_of.ts";
import fc from "fast-check";
import type { Batch } from "../column.ts";
import { parseConstraints } from "../constraints/mod.ts";
import { hashValues, Repeats, requireUsable, validateTable, Validation } from "./mod.ts";

Deno.test("validateTable() summarises each column", () => {
  const { columns, rows, findings } = validateTable(batchOf({
    n: [3, null, -1, 4],
    s: ["a", "", "b", "a"],
    b: [true, false, null, true],
    t: [new Date(0), new Date("2013-10-01T05:30:00Z"), null, new Date(1000)],
  }));
  assert.equal(rows, 4);
  assert.deepEqual(findings, []);
  const none = { min: null, max: null, mean: null };
  assert.deepEqual(columns, [
    { name: "n", kind: "number", type: "double", missing: 1, min: -1, max: 4, mean: 2 },
    { name: "s", kind: "string", type: "string", missing: 1, distinct: 2, ...none },
    { name: "b", kind: "boolean", type: "bool", missing: 1, distinct: 2, ...none, mean: 2 / 3 },
    {
      name: "t",
      kind: "timestamp",
      type: "timestamp[us, UTC]",
      missing: 1,
      min: "1970-01-01T00:00:00Z",
      max: "2013-10-01T05:30:00Z",
      mean: null,
    },
  ]);
});

Deno.test("validateTable() reports all findings at once", () => {
  const table = batchOf({
    y: ["a", "a", "b", null],
    id: ["k", "k", null, "l"],
    big: [2n ** 24n, 2n ** 24n + 1n, 0n, null],
    inf: [1, Infinity, 2, -Infinity],
    same: [1, 1, 1, 1],
    nothing: [null, null, null, null],
  });
  const report = validateTable(table, { label: "y", key: "id" });
  const found = report.findings.map((
    { code, column, count, severity },
  ) => [code, column, count, severity]);
  assert.deepEqual(found, [
    ["data.label-null", "y", 1, "warning"],
    ["data.few-rows", "y", 3, "warning"],
    ["data.class-rare", "y", 3, "warning"],
    ["data.integer-precision", "big", 1, "warning"],
    ["data.infinite", "inf", 2, "warning"],
    ["data.constant", "same", 4, "warning"],
    ["data.all-missing", "nothing", 4, "warning"],
    ["data.key-null", "id", 1, "warning"],
    ["data.key-repeated", "id", 1, "warning"],
  ]);
  assert.deepEqual(report.classes, [{ value: "a", rows: 2 }, { value: "b", rows: 1 }]);
  requireUsable(report);
});

Deno.test("requireUsable() refuses data with errors, naming all of them", () => {
  const table = batchOf({ late: [true, true], x: [1, 2] });
  const one = validateTable(table, { label: "late" });
  assert.throws(() => requireUsable(one), {
    code: "data.label-constant",
    message: /late: every row has true\./,
  });
  const two = validateTable(table, { label: "lat", key: "xx" });
  assert.throws(() => requireUsable(two), {
    code: "data.invalid",
    message: /lat: there is no such column; .*mean late\?.*xx: .*mean x\?/,
  });
});

/** Numbers below one from a generator with a seed. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = Math.imul(state, 1664525) + 1013904223 >>> 0) / 2 ** 32;
}

function codesOf(table: Batch, options: Parameters<typeof validateTable>[1]): string[] {
  return validateTable(table, options).findings.map(({ code, column }) =>
    column === undefined ? code : `${code} ${column}`
  );
}

Deno.test("validateTable() finds rows and keys that repeat, and time that goes back", () => {
  const table = batchOf({
    id: ["a", "b", "b", "c"],
    at: [new Date(1), new Date(5), new Date(5), new Date(2)],
    x: [1, 2, 2, null],
  });
  assert.deepEqual(codesOf(table, { key: "id", time: "at" }), [
    "data.key-repeated id",
    "data.duplicate-rows",
    "data.time-disordered at",
  ]);
  assert.deepEqual(codesOf(batchOf({ x: [1, 2, null], y: [1, 1, 2] }), {}), []);
});

Deno.test("validateTable() asks about features that give the label away, and only about those", () => {
  const random = uniform(7);
  const rows = 2_000;
  const column = <T>(of: (row: number) => T) => Array.from({ length: rows }, (_, row) => of(row));
  const late = column(() => random() < 0.2);
  const delay = late.map((each) => each ? 16 + 100 * random() : 15 * random());
  const features = {
    late,
    delay: delay.map((value) => random() < 0.1 ? null : value),
    gate: late.map((each) => each ? "open" : "closed"),
    // Known for those that were late only.
    reason: late.map((each) => each ? "crew" : null),
    honest: late.map((each) => (each ? 1 : 0) + 2 * random()),
    noise: column(() => random()),
    name: column((row) => `name ${row}`),
    number: column((row) => row),
  };
  const leaks = (label: string, objective: "classification" | "regression", table: Batch) =>
    codesOf(table, { label, objective }).filter((each) => each.startsWith("data.label-leakage"))
      .sort();
  assert.deepEqual(leaks("late", "classification", batchOf(features)), [
    "data.label-leakage delay",
    "data.label-leakage gate",
    "data.label-leakage reason",
  ]);
  const { honest, noise, number } = features;
  const miles = column(() => 1_000 * random());
  const kilometres = miles.map((each) => each * 1.609);
  const table = batchOf({ miles, kilometres, honest, noise, number });
  assert.deepEqual(leaks("miles", "regression", table), ["data.label-leakage kilometres"]);
});

Deno.test("validateTable() holds data against constraints, as strictly as told", () => {
  const table = batchOf({
    y: ["a", "a", "a", "b"],
    at: [1, 3, 2, 4],
    x: [1, 1, -1, null],
  });
  const constraints = parseConstraints({
    version: 0,
    minimum_rows: 10,
    minimum_class_share: 0.4,
    features: [
      { name: "at", inferred_type: "Integral", ordered: true },
      {
        name: "x",
        inferred_type: "Integral",
        unique: true,
        completeness: 1,
        num_constraints: { minimum: 0 },
      },
    ],
  }, "constraints.json");
  const found = (onViolation: "fail" | "warn" | "quarantine") =>
    validateTable(table, { label: "y", constraints, onViolation }).findings
      .filter(({ code }) => !/few-rows|class-rare/.test(code))
      .map(({ code, severity, count }) => `${code} ${severity} ${count}`);
  assert.deepEqual(found("fail"), [
    "data.row-count error 4",
    "data.order error 1",
    "data.completeness error 1",
    "data.value-range error 1",
    "data.uniqueness error 1",
    "data.class-balance error 1",
  ]);
  assert.ok(found("warn").every((each) => / warning /.test(each)));
  // What no single row is to blame for is not mended by putting rows aside.
  assert.deepEqual(found("quarantine").filter((each) => / warning /.test(each)), [
    "data.completeness warning 1",
    "data.value-range warning 1",
  ]);
});

Deno.test("Validation finds in batches what it finds in the whole table", () => {
  const random = uniform(3);
  const rows = 700;
  const column = <T>(of: (row: number) => T) => Array.from({ length: rows }, (_, row) => of(row));
  const cells = {
    y: column(() => random() < 0.5),
    s: column(() => random() < 0.1 ? null : `s${Math.floor(random() * 9)}`),
    n: column(() => random() < 0.1 ? null : Math.floor(random() * 5)),
    t: column((row) => new Date(row % 650)),
  };
  const whole = batchOf(cells);
  const options = { label: "y", key: "s", time: "t" };
  const parts = new Validation(whole.columns, rows, options);
  for (let from = 0; from < rows; from += 137) {
    const part = batchOf(
      Object.fromEntries(Object.entries(cells).map(([k, v]) => [k, v.slice(from, from + 137)])),
    );
    parts.add(part);
  }
  const round = (report: unknown) =>
    JSON.parse(
      JSON.stringify(report),
      (_, value) => typeof value === "number" ? Number(value.toFixed(9)) : value,
    );
  assert.deepEqual(round(parts.report()), round(validateTable(whole, options)));
});

Deno.test("Repeats counts what came before, whatever the values", () => {
  const cells = fc.array(fc.oneof(fc.double(), fc.integer({ max: 3 }), fc.constant(null)), {
    maxLength: 200,
  });
  fc.assert(fc.property(cells, (values) => {
    const repeats = new Repeats();
    for (const column of batchOf({ x: [0, ...values] }).columns) {
      const { firsts, seconds } = hashValues(column);
      repeats.addAll(firsts, seconds);
    }
    const known = [0, ...values].filter((each) => each !== null && !Number.isNaN(each));
    const expected = known.length - new Set(known.map((each) => each === 0 ? 0 : each)).size;
    assert.deepEqual(repeats.found, { count: expected, exact: true });
    const again = hashValues(batchOf({ x: [0, ...values] }).columns[0]!);
    repeats.addAll(again.firsts, again.seconds);
    assert.deepEqual(repeats.found, { count: expected + known.length, exact: true });
  }));
  const many = new Repeats();
  const scattered = Float64Array.from({ length: 100_000 }, (_, i) => i % 60_000);
  const { firsts, seconds } = hashValues(
    { kind: "number", name: "x", type: "double", values: scattered },
  );
  many.addAll(firsts, seconds);
  assert.deepEqual(many.found, { count: 40_000, exact: true });
  // More than are kept: what is known for certain, or an estimate where much repeats.
  for (let from = 0; from < 5_000_000; from += 100_000) {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => from + i);
    const { firsts, seconds } = hashValues({ kind: "number", name: "x", type: "double", values });
    many.addAll(firsts, seconds);
  }
  assert.deepEqual(many.found, { count: 100_000, exact: false });
});
