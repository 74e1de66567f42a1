import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ComparableMetric,
  compareModels,
  evaluateClassification,
  evaluateRegression,
} from "./mod.ts";
import { weightedMetric } from "./weighted.ts";

const share = fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8);

Deno.test("weightedMetric() is the metric of the rows, repeated as often as they count", () => {
  const row = fc.tuple(fc.boolean(), share, fc.integer({ min: 0, max: 3 }));
  fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
    const repeated = rows.flatMap(([positive, p, count]) =>
      Array.from({ length: count }, () => ({ positive, p }))
    );
    if (repeated.length === 0) return;
    const counts = Uint16Array.from(rows, ([, , count]) => count);
    const both = (values: readonly number[]) => [
      Float32Array.from(values, (p) => 1 - p),
      Float32Array.from(values),
    ];
    const labels = Int32Array.from(rows, ([positive]) => positive ? 1 : 0);
    const outputs = both(rows.map(([, p]) => p));
    const { metrics } = evaluateClassification(
      Int32Array.from(repeated, ({ positive }) => positive ? 1 : 0),
      both(repeated.map(({ p }) => p)),
      [false, true],
    );
    for (const metric of ["accuracy", "roc_auc", "log_loss"] as const) {
      near(weightedMetric(metric, labels, outputs)(counts), metrics[metric] ?? NaN);
    }
    const values = Float64Array.from(labels, (label, at) => label + at % 3);
    const regression = evaluateRegression(
      Float64Array.from(rows.flatMap(([, , count], at) => Array(count).fill(values[at]))),
      Float32Array.from(repeated, ({ p }) => p),
    );
    for (const metric of ["rmse", "mae", "r2"] as const) {
      const [, predicted = new Float32Array()] = outputs;
      near(weightedMetric(metric, values, [predicted])(counts), regression.metrics[metric] ?? NaN);
    }
  }));
});

Deno.test("compareModels() finds no gain between a model and itself", () => {
  const [labels, outputs] = sample(500, 0.3, 1);
  const { gain, interval } = compareModels("roc_auc", labels, outputs, outputs);
  assert.equal(gain, 0);
  assert.deepEqual(interval, [0, 0]);
});

Deno.test("compareModels() covers the true gain about as often as it says", () => {
  // Two models with independent normal errors: their mean absolute errors are known.
  const truth = 1 * Math.sqrt(2 / Math.PI) - 0.8 * Math.sqrt(2 / Math.PI);
  let covered = 0;
  const trials = 200;
  for (let trial = 0; trial < trials; trial++) {
    const labels = new Float64Array(300);
    const random = gaussian(trial);
    const noise = (size: number) => Float32Array.from(labels, () => size * random());
    const { interval } = compareModels("mae", labels, [noise(0.8)], [noise(1)], {
      confidence: 0.9,
    });
    assert.ok(interval);
    if (interval[0] <= truth && truth <= interval[1]) covered++;
  }
  assert.ok(covered > 0.83 * trials && covered < 0.97 * trials, `${covered} of ${trials}`);
});

Deno.test("compareModels() gives of many rows an interval as wide as their number deserves", () => {
  const widths = [50_000, 200_000].map((rows) => {
    const [labels, ours] = sample(rows, 0.3, 2);
    const [, theirs] = sample(rows, 0.3, 3, labels);
    const { interval } = compareModels("accuracy", labels, ours, theirs);
    assert.ok(interval);
    return interval[1] - interval[0];
  });
  const ratio = (widths[0] ?? 0) / (widths[1] ?? 1);
  assert.ok(ratio > 1.6 && ratio < 2.5, `${ratio}`);
});

Deno.test("compareModels() says that it cannot tell where a class is missing", () => {
  const labels = new Int32Array(20);
  const [, outputs] = sample(20, 0.3, 4, labels);
  const metric: ComparableMetric = "roc_auc";
  const found = compareModels(metric, labels, outputs, outputs);
  assert.ok(Number.isNaN(found.gain));
  assert.equal(found.interval, null);
});

/** Labels, and probabilities that know something of them. */
function sample(
  rows: number,
  noise: number,
  seed: number,
  given?: Int32Array,
): [Int32Array, Float32Array[]] {
  const random = gaussian(seed);
  const labels = given ?? Int32Array.from({ length: rows }, () => random() > 0 ? 1 : 0);
  const scores = Float32Array.from(
    labels,
    (label) => Math.min(1, Math.max(0, 0.5 + (label - 0.5) * 0.4 + noise * random())),
  );
  return [labels, [scores.map((p) => 1 - p), scores]];
}

/** Normally distributed numbers (Box and Muller, 1958). */
function gaussian(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function near(actual: number, expected: number) {
  if (Number.isNaN(expected)) return assert.ok(!Number.isFinite(actual), `${actual}`);
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}
