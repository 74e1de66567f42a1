import { embeddedMetrics, METRICS_NAMESPACE } from "../../lib/telemetry.ts";
import type { Verdict } from "./files.ts";

/** What a check found, for CloudWatch: an alarm is on the columns that have drifted. */
export function checkMetrics(verdict: Verdict, model: string, now: number): string {
  return embeddedMetrics(METRICS_NAMESPACE, { job: "inference", model }, {
    drifted_columns: [verdict.drifted.length, "Count"],
    violations: [verdict.violations, "Count"],
    rows_checked: [verdict.rows, "Count"],
  }, now);
}
