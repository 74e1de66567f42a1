import assert from "node:assert/strict";
import fc from "fast-check";
import { batchOf, type Cell } from "./batch_of.ts";
import type { Batch } from "./column.ts";
import { keysOf } from "./keys.ts";
import { concatColumn, missingColumn, take } from "./table.ts";

const KINDS: readonly fc.Arbitrary<Cell>[] = [
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.string(),
  fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  fc.date({ noInvalidDate: true, min: new Date(-8e14), max: new Date(8e14) }),
];
const cells = fc.oneof(...KINDS.map((kind) => fc.array(fc.option(kind), { minLength: 1 })));

Deno.test("take() picks the rows it is given", () => {
  fc.assert(fc.property(cells, fc.array(fc.nat()), (values, wanted) => {
    const batch = batchOf({ a: values });
    const rows = Uint32Array.from(wanted, (row) => row % values.length);
    const all = keysOf(batch, "a");
    const taken = take(batch, rows);
    assert.equal(taken.rows, rows.length);
    assert.deepEqual(keysOf(taken, "a"), Array.from(rows, (row) => all[row]));
  }));
});

Deno.test("concatColumn() is the inverse of cutting a column up", () => {
  fc.assert(fc.property(cells, fc.nat(), (values, nat) => {
    const at = nat % (values.length + 1);
    const whole = batchOf({ a: values });
    const rows = Uint32Array.from(values.keys());
    const parts = [take(whole, rows.subarray(0, at)), take(whole, rows.subarray(at))];
    const [field] = whole.columns;
    assert.ok(field);
    const column = concatColumn(field, parts.flatMap((part) => part.columns));
    assert.deepEqual(keysOf({ ...whole, columns: [column] }, "a"), keysOf(whole, "a"));
  }));
});

Deno.test("concatColumn() merges dictionaries and keeps integers exact among narrower ones", () => {
  const concat = (type: string, ...batches: Batch[]) => {
    const columns = batches.flatMap((batch) => batch.columns);
    const [{ name, kind }] = columns as [Batch["columns"][number]];
    const column = concatColumn({ name, kind, type }, columns);
    const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
    return keysOf({ rows, columns: [column], file: "", firstRow: 0 }, "a");
  };
  assert.deepEqual(
    concat("string", batchOf({ a: ["x", "y"] }), batchOf({ a: ["z", null, "x"] })),
    ["x", "y", "z", null, "x"],
  );
  assert.deepEqual(
    concat("int64", batchOf({ a: [1, null] }), batchOf({ a: [2n ** 53n + 1n] })),
    ["1", null, "9007199254740993"],
  );
});

Deno.test("missingColumn() is missing in every row", () => {
  for (const kind of ["number", "boolean", "string", "timestamp"] as const) {
    const columns = [missingColumn({ name: "a", kind, type: "null" }, 2)];
    assert.deepEqual(keysOf({ rows: 2, columns, file: "", firstRow: 0 }, "a"), [null, null]);
  }
});
