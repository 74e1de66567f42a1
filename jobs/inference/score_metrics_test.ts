import assert from "node:assert/strict";
import { scoreMetrics } from "./score_metrics.ts";

const attempt = {
  rows: 50,
  transactions: 1,
  seconds: 1,
  rows_per_second: 50,
  publish_ms_p50: 10,
  publish_ms_p95: 20,
  publish_ms_max: 30,
  bytes: 1_000,
  retries: 1,
  errors: 0,
};
const SCORED = {
  model: "flights-late",
  published: [
    { shard: 0, rows: 100, accepted: 99, dead: 1, attempt },
    { shard: 1, rows: 50, accepted: 50, dead: 0, attempt: { ...attempt, publish_ms_p95: 25 } },
  ],
};

Deno.test("scoreMetrics() sums up the shards, for CloudWatch in a container only", () => {
  const lines = scoreMetrics(SCORED, 2, { contained: false, now: 0, memory: 1 });
  assert.ok(lines.includes("metric rows_in=150"));
  assert.ok(lines.includes("metric rows_rejected=1"));
  assert.ok(lines.includes("metric rows_per_second=50"));
  assert.ok(lines.includes("metric publish_ms_p95=25"));
  const contained = scoreMetrics(SCORED, 2, { contained: true, now: 1_380_585_600_000, memory: 1 });
  assert.deepEqual(contained.slice(0, -1), lines);
  const embedded = JSON.parse(contained.at(-1)!);
  assert.equal(embedded._aws.Timestamp, 1_380_585_600_000);
  const [{ Namespace, Dimensions, Metrics }] = embedded._aws.CloudWatchMetrics;
  assert.equal(Namespace, "MLPlatform");
  assert.deepEqual(Dimensions, [["job", "model"]]);
  assert.equal(embedded.model, "flights-late");
  assert.equal(embedded.bytes_published, 2_000);
  for (const { Name, Unit } of Metrics) {
    assert.equal(typeof embedded[Name], "number", Name);
    assert.ok(["Count", "Bytes", "Seconds", "Count/Second", "Milliseconds"].includes(Unit), Unit);
  }
});
