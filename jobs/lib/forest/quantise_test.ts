import assert from "node:assert/strict";
import fc from "fast-check";
import {
  MAX_FLOAT32,
  quantiseColumn,
  SAMPLE_ROWS,
  sampleRows,
  thresholdBetween,
} from "./quantise.ts";

const float = fc.oneof(
  fc.float({ noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, -0, Infinity, -Infinity, MAX_FLOAT32, -MAX_FLOAT32, 1.401298464324817e-45),
);
const all = (values: Float32Array) => Int32Array.from(values.keys());

Deno.test("thresholdBetween() gives a finite float32 with left ≤ t < right", () => {
  fc.assert(fc.property(float, float, (a, b) => {
    const [left, right] = a < b ? [a, b] : [b, a];
    if (left === right) return;
    const t = thresholdBetween(left, right);
    if (t === undefined) return assert.deepEqual([left, right], [-Infinity, -MAX_FLOAT32]);
    assert.ok(Number.isFinite(t) && Math.fround(t) === t && left <= t && t < right, `${t}`);
  }));
});

Deno.test("quantiseColumn() codes agree with its edges, missing is 0, and values keep their order", () => {
  const values = fc.array(fc.oneof(float, fc.constant(NaN)), { maxLength: 600 });
  fc.assert(fc.property(values, (list) => {
    const column = Float32Array.from(list);
    const { codes, edges, bounded } = quantiseColumn(column, all(column));
    assert.ok(edges.length <= 254 && edges.every((e, i) => i === 0 || e > edges[i - 1]!));
    assert.equal(bounded, !column.includes(Infinity));
    column.forEach((value, row) => {
      const code = Number.isNaN(value) ? 0 : 1 + edges.filter((edge) => edge < value).length;
      assert.equal(codes[row], code);
    });
  }));
});

Deno.test("quantiseColumn() gives each of up to 255 distinct values its own bin", () => {
  const column = Float32Array.from({ length: 1000 }, (_, i) => Math.sqrt(i % 255));
  const { codes, edges } = quantiseColumn(column, all(column));
  assert.equal(edges.length, 254);
  assert.deepEqual([...codes.subarray(0, 255)], Array.from({ length: 255 }, (_, i) => i + 1));
});

Deno.test("quantiseColumn() spends one bin on a frequent value and the rest on the others", () => {
  const column = Float32Array.from({ length: 20_000 }, (_, i) => i % 10 === 0 ? i : 7.5);
  const { codes, edges } = quantiseColumn(column, all(column));
  const inBin = new Map<number, number>();
  for (const code of codes) inBin.set(code, (inBin.get(code) ?? 0) + 1);
  const [frequent, ...others] = [...inBin.values()].sort((a, b) => b - a);
  assert.equal(frequent, 18_000);
  assert.ok(edges.length > 230 && others.every((rows) => rows <= 10), `${edges.length} ${others}`);
});

Deno.test("sampleRows() takes all rows, or one of each equal stretch", () => {
  assert.deepEqual([...sampleRows(3, 1)], [0, 1, 2]);
  const rows = 1_000_003;
  const sample = sampleRows(rows, 7);
  assert.equal(sample.length, SAMPLE_ROWS);
  assert.ok(sample.every((row, k) => Math.floor(row * SAMPLE_ROWS / rows) - k <= 0));
  assert.ok(sample.every((row, k) => k === 0 || row > sample[k - 1]!) && sample.at(-1)! < rows);
  assert.deepEqual(sampleRows(rows, 7), sample);
  assert.notDeepEqual(sampleRows(rows, 8), sample);
});
