import assert from "node:assert/strict";
import { checkMetrics } from "./metrics.ts";

Deno.test("checkMetrics() counts drifted columns by job and model, and says how old that is", () => {
  const verdict = {
    passed: true,
    run_id: "2013-10-01",
    data: "s3://data/day=2013-09-30",
    rows: 965,
    violations: 0,
    drifted: ["dep_hour", "carrier"],
    reasons: [],
    warnings: [],
  };
  const model = { name: "m", madeAt: new Date("2013-09-30T06:00:00Z") };
  const line = checkMetrics(verdict, model, Date.parse("2013-10-01T06:00:00Z"));
  const { _aws: _, ...metrics } = JSON.parse(line);
  assert.deepEqual(metrics, {
    job: "inference",
    model: "m",
    drifted_columns: 2,
    rows_checked: 965,
    violations: 0,
    model_age_seconds: 86_400,
  });
  const unknown = checkMetrics(verdict, { ...model, madeAt: undefined }, 0);
  assert.ok(!("model_age_seconds" in JSON.parse(unknown)));
});
