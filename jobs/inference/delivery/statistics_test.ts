import assert from "node:assert/strict";
import fc from "fast-check";
import { DeliveryStatistics } from "./statistics.ts";

const NONE = { bytes: 0, retries: 0, errors: 0 };

Deno.test("DeliveryStatistics gives quantiles at most a twentieth above the true ones", () => {
  const durations = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1 });
  fc.assert(fc.property(durations, (durations) => {
    const statistics = new DeliveryStatistics(0);
    for (const duration of durations) statistics.published(10, duration);
    const { publish_ms_p50, publish_ms_p95, publish_ms_max, transactions, rows, rows_per_second } =
      statistics.summary(2_000, NONE, 0);
    const sorted = durations.toSorted((a, b) => a - b);
    const near = (share: number, found: number) => {
      const exact = sorted[Math.ceil(sorted.length * share) - 1]!;
      assert.ok(found >= exact - 0.001 && found <= exact * 1.051 + 0.001, `${found}, not ${exact}`);
    };
    near(0.5, publish_ms_p50);
    near(0.95, publish_ms_p95);
    near(1, publish_ms_max);
    assert.equal(transactions, durations.length);
    assert.equal(rows, 10 * durations.length);
    assert.equal(rows_per_second, 5 * durations.length);
  }));
});

Deno.test("DeliveryStatistics of nothing are zeros", () => {
  const { rows, publish_ms_p95, rows_per_second } = new DeliveryStatistics(5).summary(5, NONE, 0);
  assert.deepEqual([rows, publish_ms_p95, rows_per_second], [0, 0, 0]);
});
