import assert from "node:assert/strict";
import fc from "fast-check";
import { batchOf } from "./batch_of.ts";
import { splitRows } from "./split.ts";

const fraction = fc.double({ min: 0, max: 0.99, noNaN: true });
const seed = fc.integer();
const labels = fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 300 });

Deno.test("splitRows() puts every labelled row on one side, and a share of each class", () => {
  fc.assert(fc.property(labels, fraction, seed, (values, fraction, seed) => {
    const { train, test } = splitRows(Int32Array.from(values), { fraction, seed });
    const labelled = [...values.keys()].filter((row) => (values[row] ?? -1) >= 0);
    assert.deepEqual([...train, ...test].sort((a, b) => a - b), labelled);
    assert.deepEqual([...train], [...train].sort((a, b) => a - b));
    for (let label = 0; label < 5; label++) {
      const of = (rows: Uint32Array) => rows.filter((row) => values[row] === label).length;
      const all = of(train) + of(test);
      assert.ok(all === 0 || of(train) >= 1);
      if (fraction > 0 && all > 1) assert.ok(of(test) >= 1);
      assert.ok(Math.abs(of(test) - all * fraction) <= 1);
    }
    assert.deepEqual(splitRows(Int32Array.from(values), { fraction, seed }), { train, test });
  }));
});

Deno.test("splitRows() depends on the seed, and for regression on nothing else", () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i === 7 ? NaN : i);
  const { test } = splitRows(values, { fraction: 0.2, seed: 1 });
  assert.equal(test.length, 200);
  assert.ok(!test.includes(7));
  const other = new Set(splitRows(values, { fraction: 0.2, seed: 2 }).test);
  // Two independent fifths share a fifth of their rows.
  const shared = test.filter((row) => other.has(row)).length;
  assert.ok(shared > 15 && shared < 70, `${shared}`);
  assert.throws(() => splitRows(values, { fraction: 1, seed: 1 }), RangeError);
});

Deno.test("splitRows() by group keeps every group on one side, near the share", () => {
  const groups = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 2, maxLength: 300 });
  fc.assert(
    fc.property(
      groups,
      fc.double({ min: 0.05, max: 0.9, noNaN: true }),
      seed,
      (of, fraction, seed) => {
        const labels = Int32Array.from(of, (group, row) => (group + row) % 3 - 1);
        const names = of.map((group) => group === 0 ? null : `g${group}`);
        const options = { fraction, seed, by: "group", column: "g" } as const;
        const { train, test } = splitRows(labels, options, batchOf({ g: names }));
        assert.equal(train.length + test.length, labels.filter((label) => label >= 0).length);
        const tested = new Set([...test].map((row) => names[row]));
        assert.ok([...train].every((row) => names[row] === null || !tested.has(names[row])));
        assert.ok(!tested.has(null));
        const known = new Set(
          [...train, ...test].map((row) => names[row]).filter((each) => each !== null),
        );
        if (known.size > 1) {
          assert.ok(test.length > 0 && [...train].some((row) => names[row] !== null));
        }
        // The order of the rows decides nothing.
        const back = batchOf({ g: names.toReversed() });
        const mirrored = splitRows(labels.toReversed(), options, back).test;
        assert.deepEqual([...mirrored].map((row) => of.length - 1 - row).reverse(), [...test]);
      },
    ),
  );
});

Deno.test("splitRows() by time holds out the latest rows, and never splits a moment", () => {
  const times = fc.array(fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }), {
    minLength: 2,
    maxLength: 200,
  });
  fc.assert(fc.property(times, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (of, fraction) => {
    const labels = Int32Array.from(of, () => 1);
    const table = batchOf({ t: of.map((time) => time === null ? null : new Date(time)) });
    if (of.every((time) => time === null)) return;
    const { train, test } = splitRows(
      labels,
      { fraction, seed: 1, by: "time", column: "t" },
      table,
    );
    const at = (rows: Uint32Array) =>
      [...rows].map((row) => of[row]!).filter((time) => time !== null);
    const [latest, first] = [Math.max(...at(train)), Math.min(...at(test))];
    assert.ok(latest < first);
    assert.ok([...test].every((row) => of[row] !== null));
    if (new Set(of.filter((time) => time !== null)).size > 1) assert.ok(test.length > 0);
  }));
  const label = Int32Array.of(0, 1);
  const options = { fraction: 0.5, seed: 1, by: "time", column: "t" } as const;
  assert.throws(() => splitRows(label, options, batchOf({ t: ["a", "b"] })), {
    code: "data.split-column",
  });
  assert.throws(() => splitRows(label, options, batchOf({ x: [1, 2] })), {
    code: "data.column-missing",
  });
});

Deno.test("splitRows() at random takes the share of all rows, whatever their classes", () => {
  const labels = Int32Array.from({ length: 1_000 }, (_, row) => row < 3 ? 0 : row < 10 ? -1 : 1);
  const { train, test } = splitRows(labels, { fraction: 0.2, seed: 5, by: "random" });
  assert.deepEqual([train.length, test.length], [794, 199]);
});
