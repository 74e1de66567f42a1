import assert from "node:assert/strict";
import { type Champion, type Comparison, type Doubt, evaluateRegression, judge } from "./mod.ts";

const report = evaluateRegression(Float64Array.of(1, 2, 3), Float32Array.of(1, 2, 4));
const { rmse } = report.metrics;

function champion(gain: number, interval: Comparison["interval"] = null): Champion {
  const [ours, theirs] = [rmse!, rmse! + gain];
  const comparison = { metric: "rmse", ours, theirs, gain, interval, confidence: 0.95 } as const;
  return { version: "3", metrics: { rmse: theirs }, comparison };
}

Deno.test("judge() passes the first good version and refuses a worse one, with reasons", () => {
  assert.deepEqual(judge(report, { thresholds: { rmse: { max: 1 } } }), {
    passed: true,
    reasons: [],
  });
  const { passed, reasons } = judge(report, { thresholds: { r2: { min: 0.9 } } }, champion(-0.1));
  assert.equal(passed, false);
  assert.match(reasons[0] ?? "", /^r2 is 0.5000, below the threshold 0.9$/);
  assert.match(
    reasons[1] ?? "",
    /^rmse is 0.5774 where champion version 3 has 0.4774 .* worse by 0.1000/,
  );
  assert.ok(judge(report, { thresholds: {} }, champion(0)).passed);
  assert.ok(judge(report, { thresholds: {} }, { version: "3", unfit: "it is damaged" }).passed);
});

Deno.test("judge() says what could not be measured", () => {
  const { reasons } = judge(report, { thresholds: { auc: { min: 1 } } }, champion(NaN));
  assert.equal(reasons[0], "auc could not be measured");
  assert.match(reasons[1] ?? "", /^rmse cannot be measured on these rows/);
});

Deno.test("judge() asks for the least gain, and lets the caller decide where chance may be at work", () => {
  const passed = (
    gain: number,
    interval: Comparison["interval"],
    minGain: number,
    doubt: Doubt = "estimate",
  ) => judge(report, { thresholds: {}, minGain, doubt }, champion(gain, interval)).passed;
  const doubts = ["estimate", "pass", "fail"] as const;
  const verdicts = (...args: [number, Comparison["interval"], number]) =>
    doubts.map((doubt) => passed(...args, doubt));
  assert.deepEqual(verdicts(0.1, [0.05, 0.15], 0), [true, true, true]);
  assert.deepEqual(verdicts(-0.1, [-0.15, -0.05], 0), [false, false, false]);
  assert.deepEqual(verdicts(0.02, [-0.03, 0.07], 0), [true, true, false]);
  assert.deepEqual(verdicts(-0.02, [-0.07, 0.03], 0), [false, true, false]);
  assert.deepEqual(verdicts(0.02, null, 0), [true, true, true]);
  assert.deepEqual(verdicts(-0.02, [-0.03, -0.01], -0.05), [true, true, true]);
  assert.deepEqual(verdicts(0.02, [0.01, 0.03], 0.05), [false, false, false]);
});

Deno.test("judge() shows the digits in which two values differ", () => {
  const { reasons } = judge(report, { thresholds: {} }, champion(-1e-9));
  assert.ok(
    reasons[0]?.includes(`rmse is ${rmse} where champion version 3 has ${rmse! - 1e-9} on`),
  );
});
