import assert from "node:assert/strict";
import { checkAccuracy } from "./check.ts";
import { BAYES_ACCURACY, rule, testRows, TOLERANCE } from "./rows.ts";

/** How often the rule, which is the best model, is right. */
function accuracyOfRule({ region, load, age, label }: ReturnType<typeof testRows>): number {
  const right = label.filter((value, index) =>
    value === rule(region[index]!, load[index]!, age[index]!)
  );
  return right.length / label.length;
}

Deno.test("testRows() has exactly the Bayes-optimal accuracy that it promises", () => {
  for (const seed of [1, 2, 3]) {
    const rows = testRows({ rows: 5000, seed });
    assert.equal(accuracyOfRule(rows), BAYES_ACCURACY);
    assert.deepEqual(testRows({ rows: 5000, seed }), rows);
    assert.equal(new Set(rows.id).size, 5000);
  }
});

Deno.test("testRows() corrupted keeps the labels' share, but nothing tells them", () => {
  const rows = testRows({ rows: 5000, seed: 1 });
  const corrupted = testRows({ rows: 5000, seed: 1, corrupted: true });
  const positive = (labels: readonly boolean[]) => labels.filter(Boolean).length;
  assert.equal(positive(corrupted.label), positive(rows.label));
  assert.deepEqual({ ...corrupted, label: 0 }, { ...rows, label: 0 });
  // The best that is left is to say the more frequent one, about 0.58 of the rows.
  assert.ok(accuracyOfRule(corrupted) < 0.6);
});

Deno.test("checkAccuracy() takes what is near the best there can be, on either side", () => {
  for (const near of [0.9, 0.891, 0.909]) assert.equal(checkAccuracy(near), undefined);
  for (const far of [undefined, NaN, 0.5, BAYES_ACCURACY + 2 * TOLERANCE]) {
    assert.equal(checkAccuracy(far)?.exitCode, 5);
  }
});
