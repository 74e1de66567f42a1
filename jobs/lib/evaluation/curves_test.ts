import assert from "node:assert/strict";
import fc from "fast-check";
import { residualsOf, rocAuc, thresholdCurves } from "./mod.ts";

const rows = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 400 })), {
  minLength: 1,
  maxLength: 2000,
});

Deno.test("thresholdCurves() is monotone, within the unit square, and has the area that ranks give", () => {
  fc.assert(fc.property(rows, (rows) => {
    const positive = Uint8Array.from(rows, ([each]) => each ? 1 : 0);
    const scores = Float32Array.from(rows, ([, score]) => score / 400);
    const { roc, precisionRecall, averagePrecision } = thresholdCurves(positive, scores);
    const area = rocAuc(positive, scores);
    if (Number.isNaN(area)) return assert.equal(roc.length, 0);
    assert.deepEqual([roc[0], roc.at(-1)], [[0, 0], [1, 1]]);
    let trapezoids = 0;
    for (let at = 1; at < roc.length; at++) {
      const [[x1, y1], [x2, y2]] = [roc[at - 1]!, roc[at]!];
      assert.ok(x2 >= x1 && y2 >= y1);
      trapezoids += (x2 - x1) * (y1 + y2) / 2;
    }
    assert.ok(Math.abs(trapezoids - area) < 0.01, `${trapezoids} is not ${area}`);
    assert.ok(roc.length <= 450 && precisionRecall.length <= 450);
    assert.equal(precisionRecall.at(-1)?.[0], 1);
    for (const [recall, precision] of precisionRecall) {
      assert.ok(recall >= 0 && recall <= 1 && precision >= 0 && precision <= 1);
    }
    assert.ok(averagePrecision > 0 && averagePrecision <= 1);
  }));
});

// Expected value from scikit-learn 1.9: average_precision_score on these very arrays.
Deno.test("thresholdCurves() gives scikit-learn's average precision", () => {
  const scores = Float32Array.of(0.1, 0.4, 0.35, 0.8, 0.5, 0.9, 0, 1);
  const positive = Uint8Array.of(0, 0, 1, 1, 1, 1, 0, 1);
  const { averagePrecision } = thresholdCurves(positive, scores);
  assert.ok(Math.abs(averagePrecision - 0.9666666666666666) < 1e-12, `${averagePrecision}`);
});

Deno.test("residualsOf() puts every row into a group, and all but the outermost into a bin", () => {
  const labels = Float64Array.from({ length: 1000 }, (_, row) => row % 37);
  const predictions = Float32Array.from(labels, (label, row) => label + Math.sin(row));
  const { histogram, calibration } = residualsOf(labels, predictions);
  assert.equal(calibration.reduce((sum, { count }) => sum + count, 0), 1000);
  assert.ok(histogram.reduce((sum, { count }) => sum + count, 0) >= 988);
  for (const { predicted, observed } of calibration) assert.ok(Math.abs(predicted - observed) < 1);
  const constant = residualsOf(Float64Array.of(1, 1), Float32Array.of(1, 1));
  assert.equal(constant.histogram.reduce((sum, { count }) => sum + count, 0), 2);
});
