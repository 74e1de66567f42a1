/**
 * What the data of a run looked like, once all its shards are done.
 *
 * @module
 */

import { driftThresholds, type FeatureSchema } from "../../lib/dataset/mod.ts";
import { renderDataReport } from "../../lib/evaluation/mod.ts";
import type { Log } from "../../lib/log.ts";
import type { Manifest, RunState } from "../runs/mod.ts";
import type { Baseline } from "./baseline.ts";
import { driftedIn, findingsOf } from "./findings.ts";
import { keptBaseline, keptSurvey } from "./kept.ts";
import { type Survey, SurveyPlan } from "./survey.ts";

/** What is said of a run's data in its record, and in metrics. */
export interface DataSummary {
  /** Rows that were looked at: all. */
  readonly rows: number;
  /** Rules that are broken. */
  readonly violations: number;
  /** Features and predictions that have moved. */
  readonly drifted: readonly string[];
  /** The page about it. */
  readonly report: string;
}

/** What this process knows itself of a run that has one shard. */
export interface Seen {
  readonly schema: FeatureSchema;
  readonly baseline: Baseline;
  /** Of all rows. */
  readonly survey: Survey;
}

/**
 * Merges what the shards have seen and writes the report beside the manifest. The same surveys give the
 * same report, so that it may be written again.
 *
 * @param threshold stability index; the constraints' unless told
 * @param seen what else would be read again
 * @returns undefined where the model has no baseline, or a shard's survey is not there
 */
export async function reportRunData(
  manifest: Manifest,
  state: RunState,
  threshold: number | undefined,
  log: Log,
  seen?: Seen,
): Promise<DataSummary | undefined> {
  const kept = seen ?? await keptBaseline(state);
  if (kept === undefined) return undefined;
  const { schema, baseline } = kept;
  const columns = schema.features.map(({ name }) => name);
  const rows = manifest.inputs.reduce((sum, input) => sum + input.rows, 0);
  const plan = new SurveyPlan(baseline, schema.target, columns, rows);
  const whole = plan.begin();
  for (const shard of manifest.shards.keys()) {
    const survey = seen?.survey ?? await keptSurvey(state, shard, plan);
    if (survey === undefined) {
      log.warn("nothing is said of the run's data: a shard was published without a survey", {
        shard,
      });
      return undefined;
    }
    whole.merge(survey);
  }
  const found = findingsOf(whole, baseline, columns, {
    onViolation: manifest.on_violation ?? "warn",
    onDrift: "warn",
    thresholds: driftThresholds(baseline.constraints, threshold),
  });
  const { statistics, violations, drift, predictions } = found;
  await state.keep("statistics.json", JSON.stringify(statistics) + "\n");
  await state.keep("constraint_violations.json", JSON.stringify({ violations }, null, 2) + "\n");
  await state.keep("drift.json", JSON.stringify({ features: drift, predictions }, null, 2) + "\n");
  const { run_id: run, model, scored_at: scoredAt } = manifest;
  await state.keep("report.html", renderDataReport({ run, model, scoredAt, rows, ...found }));
  const rules = violations.filter((each) => each.constraint_check_type !== "baseline_drift_check");
  for (const { severity, description, feature_name, constraint_check_type, count } of rules) {
    const code = `data.${constraint_check_type}`;
    log.warn(description, { code, column: feature_name, count, severity });
  }
  const drifted = driftedIn(found);
  const report = state.locate("report.html");
  if (drifted.length > 0) {
    log.warn("the data has moved since training", { columns: drifted.join(","), report });
  }
  return {
    rows: whole.tally.rows,
    violations: rules.length,
    drifted,
    report,
  };
}
