import assert from "node:assert/strict";
import { backoffMs, type Failure, isRetriable } from "./retry.ts";

Deno.test("isRetriable() repeats what makes something only where the server has not acted", () => {
  const status = (code: number): Failure => ({ kind: "status", status: code });
  const cases: [Failure, boolean, boolean][] = [
    [{ kind: "unconnected" }, true, true],
    [{ kind: "broken" }, true, false],
    [status(429), true, true],
    [status(500), true, false],
    [status(503), true, false],
    [status(501), false, false],
  ];
  for (const [failure, idempotent, making] of cases) {
    assert.equal(isRetriable(failure, true), idempotent);
    assert.equal(isRetriable(failure, false), making);
  }
});

Deno.test("backoffMs() doubles up to its limit, with jitter of one half", () => {
  assert.deepEqual([0, 1, 2, 9].map((attempt) => backoffMs(attempt, 250, () => 1)), [
    250,
    500,
    1000,
    8000,
  ]);
  assert.equal(backoffMs(3, 250, () => 0), 1000);
});
