import assert from "node:assert/strict";
import { batchOf } from "./batch_of.ts";
import { requireUsable, validateTable } from "./report.ts";

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
