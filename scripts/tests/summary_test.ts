import assert from "node:assert/strict";
import { closingLine, countTests, sum } from "./summary.ts";

const PASSED =
  "\x1b[0m\x1b[32mok\x1b[0m | 2 passed (1 step) | 0 failed | 1 ignored (1 step) (9ms)\n";

Deno.test("countTests() reads a coloured summary, counting tests and not steps", () => {
  const output = `a ... ok (1ms)\n  step ... ignored (0ms)\nb ... ignored (0ms)\n\n${PASSED}\n`;
  assert.deepEqual(countTests(output, true, false), { passed: 2, failed: 0, skipped: 1 });
});

Deno.test("countTests() takes the last summary, since a test may print another run's", () => {
  const output = "ok | 9 passed | 0 failed (1s)\nFAILED | 3 passed | 2 failed (2 steps) (1m2s)\n";
  assert.deepEqual(countTests(output, false, false), { passed: 3, failed: 2, skipped: 0 });
});

Deno.test("countTests() makes a failure of a run that broke down or had no test", () => {
  assert.equal(countTests("", true, false).failed, 1);
  assert.equal(countTests("ok | 0 passed | 0 failed (2ms)", true, false).failed, 1);
  assert.equal(countTests("ok | 4 passed | 0 failed (2ms)", false, false).failed, 1);
  assert.equal(countTests("running 3 tests from x\na ... ok", false, false).failed, 1);
});

Deno.test("countTests() makes a failure of a skipped test that must run, unless it says why", () => {
  const output = `not run: x (no Docker) ... \x1b[33mignored\x1b[0m (0ms)\nb ... ignored (0ms)
ok | 5 passed | 0 failed | 2 ignored (1s)`;
  assert.deepEqual(countTests(output, true, true), { passed: 5, failed: 1, skipped: 1 });
  assert.deepEqual(countTests(output, true, false), { passed: 5, failed: 0, skipped: 2 });
});

Deno.test("closingLine() sums all runners in the form that any CI reads", () => {
  const runs = [{ passed: 2, failed: 0, skipped: 1 }, { passed: 3, failed: 1, skipped: 0 }];
  assert.equal(closingLine(sum(runs)), "5 passed, 1 failed, 1 skipped");
});
