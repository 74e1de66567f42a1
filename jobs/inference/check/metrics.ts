import { embeddedMetrics, METRICS_NAMESPACE } from "../../lib/telemetry.ts";
import type { Verdict } from "./files.ts";

/** What a check found, for CloudWatch: an alarm is on the columns that have drifted. */
export function checkMetrics(
  verdict: Verdict,
  model: { readonly name: string; readonly madeAt: Date | undefined },
  now: number,
): string {
  const age = model.madeAt === undefined ? NaN : (now - model.madeAt.getTime()) / 1000;
  return embeddedMetrics(METRICS_NAMESPACE, { job: "inference", model: model.name }, {
    drifted_columns: [verdict.drifted.length, "Count"],
    violations: [verdict.violations, "Count"],
    rows_checked: [verdict.rows, "Count"],
    model_age_seconds: [Math.max(0, Math.round(age)), "Seconds"],
  }, now);
}
