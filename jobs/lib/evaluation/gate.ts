import type { ClassificationReport } from "./classification.ts";
import type { RegressionReport } from "./regression.ts";

/** What was measured, of either kind. */
export type EvaluationReport = ClassificationReport | RegressionReport;

/** Bounds on metrics by name: `min` must be reached, `max` not exceeded. */
export type Thresholds = Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;

/** What a new version has to be as good as. */
export interface Champion {
  /** Its version in the registry. */
  readonly version: string;
  /** Its metrics on the same rows. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The gate's verdict; a part of `evaluation.json`. */
export interface GateVerdict {
  /** Whether the version may become champion. */
  readonly passed: boolean;
  /** Why not, one sentence each; empty when passed. */
  readonly reasons: readonly string[];
}

/**
 * Decides whether a version may become champion: every threshold is met, and the headline metric
 * (ROC AUC, for regression RMSE) is not worse than the champion's on the same rows.
 *
 * @param tolerance how much worse than the champion still passes, in units of the metric
 */
export function judge(
  report: EvaluationReport,
  thresholds: Thresholds,
  champion?: Champion,
  tolerance = 0,
): GateVerdict {
  const reasons: string[] = [];
  for (const [name, { min, max }] of Object.entries(thresholds)) {
    const value = report.metrics[name];
    if (value === undefined) reasons.push(`${name} could not be measured`);
    else if (min !== undefined && value < min) {
      reasons.push(`${name} is ${shown(value, min)}, below the threshold ${min}`);
    } else if (max !== undefined && value > max) {
      reasons.push(`${name} is ${shown(value, max)}, above the threshold ${max}`);
    }
  }
  const name = headlineMetric(report.objective);
  const ours = report.metrics[name];
  const theirs = champion?.metrics[name];
  if (champion !== undefined && ours !== undefined && theirs !== undefined) {
    const loss = name === "rmse" ? ours - theirs : theirs - ours;
    if (loss > tolerance) {
      reasons.push(
        `${name} is ${shown(ours, theirs)}, worse than ${
          shown(theirs, ours)
        } of champion version ` +
          `${champion.version} on the same rows`,
      );
    }
  }
  return { passed: reasons.length === 0, reasons };
}

/** The metric that compares two models of one kind. */
export function headlineMetric(objective: EvaluationReport["objective"]): "roc_auc" | "rmse" {
  return objective === "classification" ? "roc_auc" : "rmse";
}

/** In four places, unless the difference is in the others. */
function shown(value: number, beside: number): string {
  return value.toFixed(4) === beside.toFixed(4) ? String(value) : value.toFixed(4);
}
