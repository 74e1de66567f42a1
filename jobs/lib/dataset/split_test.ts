import assert from "node:assert/strict";
import fc from "fast-check";
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
