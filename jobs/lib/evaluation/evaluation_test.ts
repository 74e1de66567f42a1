import assert from "node:assert/strict";
import fc from "fast-check";
import { evaluateClassification, evaluateRegression, rocAuc } from "./mod.ts";

Deno.test("rocAuc() is the share of pairs in the right order, ties counting half", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 5 })), { maxLength: 40 }),
    (rows) => {
      let pairs = 0;
      let right = 0;
      for (const [a, high] of rows) {
        for (const [b, low] of rows) {
          if (!a || b) continue;
          pairs++;
          right += high > low ? 1 : high === low ? 0.5 : 0;
        }
      }
      const area = rocAuc(
        Uint8Array.from(rows, ([positive]) => positive ? 1 : 0),
        Float64Array.from(rows, ([, score]) => score),
      );
      if (pairs === 0) assert.ok(Number.isNaN(area));
      else assert.ok(Math.abs(area - right / pairs) < 1e-12);
    },
  ));
});

// Expected values from scikit-learn 1.9: accuracy_score, precision_score, recall_score, f1_score,
// roc_auc_score, log_loss on these very arrays.
Deno.test("evaluateClassification() gives scikit-learn's numbers for two classes", () => {
  const positive = [0.1, 0.4, 0.35, 0.8, 0.5, 0.9, 0, 1];
  const report = evaluateClassification(
    Int32Array.of(0, 0, 1, 1, 1, 1, 0, 1),
    [Float32Array.from(positive, (p) => 1 - p), Float32Array.from(positive)],
    [false, true],
  );
  assert.equal(report.metrics["accuracy"], 0.75);
  assert.equal(report.metrics["precision"], 1);
  assert.equal(report.metrics["recall"], 0.6);
  near(report.metrics["f1"], 0.75);
  near(report.metrics["roc_auc"], 14 / 15);
  near(report.metrics["log_loss"], 0.33595744);
  assert.deepEqual(report.confusion_matrix, [[3, 0], [2, 3]]);
  assert.equal(report.calibration.reduce((rows, bin) => rows + bin.count, 0), 8);
});

Deno.test("evaluateClassification() averages over classes when there are more than two", () => {
  const report = evaluateClassification(
    Int32Array.of(0, 1, 2, 2),
    [
      Float32Array.of(0.6, 0.2, 0.1, 0.5),
      Float32Array.of(0.3, 0.7, 0.2, 0.2),
      Float32Array.of(0.1, 0.1, 0.7, 0.3),
    ],
    ["a", "b", "c"],
  );
  assert.equal(report.metrics["accuracy"], 0.75);
  near(report.metrics["precision"], (0.5 + 1 + 1) / 3);
  near(report.metrics["recall"], (1 + 1 + 0.5) / 3);
  near(report.metrics["roc_auc"], 1);
});

Deno.test("evaluateRegression() gives RMSE, MAE and R², and no R² for constant labels", () => {
  const report = evaluateRegression(Float64Array.of(1, 2, 3), Float32Array.of(1, 2, 5));
  near(report.metrics["rmse"], Math.sqrt(4 / 3));
  near(report.metrics["mae"], 2 / 3);
  near(report.metrics["r2"], -1);
  assert.equal(
    evaluateRegression(Float64Array.of(1, 1), Float32Array.of(1, 2)).metrics["r2"],
    undefined,
  );
});

function near(actual: number | undefined, expected: number) {
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-7, `${actual} is not ${expected}`);
}
