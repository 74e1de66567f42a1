import assert from "node:assert/strict";
import fc from "fast-check";
import { LOG_LIMITS, type LogBatch, logBatches } from "./log_batch.ts";
import type { RunData } from "./store.ts";

const size = (batch: LogBatch) => batch.params.length + batch.metrics.length + batch.tags.length;

const data: fc.Arbitrary<RunData> = fc.record({
  params: fc.nat(450).map((n) => pairs("p", n, 40)),
  metrics: fc.nat(3500).map((n) =>
    Array.from({ length: n }, (_, step) => ({ key: "m", value: step / 7, step, timestamp: 1 }))
  ),
  tags: fc.tuple(fc.nat(250), fc.constantFrom(3, 7900)).map(([n, length]) => pairs("t", n, length)),
});

function pairs(prefix: string, count: number, length: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${prefix}${i}`, "ü".repeat(length)]),
  );
}

Deno.test("logBatches() keeps every entry in order, within the server's limits", () => {
  fc.assert(
    fc.property(data, (given) => {
      const batches = [...logBatches(given)];
      for (const batch of batches) {
        assert.ok(batch.params.length <= LOG_LIMITS.params);
        assert.ok(batch.metrics.length <= LOG_LIMITS.metrics);
        assert.ok(batch.tags.length <= LOG_LIMITS.tags);
        assert.ok(size(batch) <= LOG_LIMITS.together && size(batch) > 0);
        assert.ok(new TextEncoder().encode(JSON.stringify(batch)).length < 1_000_000);
      }
      const back = (of: "params" | "tags") =>
        Object.fromEntries(batches.flatMap((batch) => batch[of]).map((e) => [e.key, e.value]));
      assert.deepEqual(back("params"), given.params);
      assert.deepEqual(back("tags"), given.tags);
      assert.deepEqual(batches.flatMap((batch) => batch.metrics), given.metrics);
    }),
    { numRuns: 25 },
  );
});

Deno.test("logBatches() spells the numbers that JSON has not", () => {
  const values = [NaN, Infinity, -Infinity, -0, 5e-324];
  const metrics = values.map((value) => ({ key: "m", value, timestamp: 1 }));
  const [batch] = [...logBatches({ metrics })];
  assert.deepEqual(batch?.metrics.map(({ value }) => value), [
    "NaN",
    "Infinity",
    "-Infinity",
    -0,
    5e-324,
  ]);
});

Deno.test("logBatches() cuts values where a server would", () => {
  const [batch] = [
    ...logBatches({ params: { p: "x".repeat(7000) }, tags: { t: "y".repeat(9000) } }),
  ];
  assert.equal(batch?.params[0]?.value.length, 6000);
  assert.equal(batch?.tags[0]?.value.length, 8000);
});
