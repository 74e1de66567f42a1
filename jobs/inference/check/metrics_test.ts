import assert from "node:assert/strict";
import { checkMetrics } from "./metrics.ts";

Deno.test("checkMetrics() counts drifted columns by job and model", () => {
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
  const { job, model, drifted_columns, rows_checked } = JSON.parse(checkMetrics(verdict, "m", 0));
  assert.deepEqual({ job, model, drifted_columns, rows_checked }, {
    job: "inference",
    model: "m",
    drifted_columns: 2,
    rows_checked: 965,
  });
});
