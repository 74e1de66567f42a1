/**
 * Numbers and names as people read them.
 *
 * @module
 */

const NAMES: Readonly<Record<string, string>> = {
  accuracy: "Accuracy",
  precision: "Precision",
  recall: "Recall",
  f1: "F1",
  roc_auc: "ROC AUC",
  average_precision: "Average precision",
  log_loss: "Log loss",
  calibration_error: "Calibration error",
  rmse: "RMSE",
  mae: "MAE",
  r2: "R²",
};

const LOWER_IS_BETTER = new Set(["log_loss", "calibration_error", "rmse", "mae"]);

/** A metric's name for people. */
export function metricName(metric: string): string {
  return NAMES[metric] ?? metric;
}

/** True where less is better. */
export function lowerIsBetter(metric: string): boolean {
  return LOWER_IS_BETTER.has(metric);
}

/** Four digits that matter, at most four places for what is below 1. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2);
  return minus(size < 10 ? value.toFixed(4) : Number(value.toPrecision(6)).toString());
}

/** With its sign: +0.0123. */
export function signed(value: number): string {
  return value > 0 ? `+${figure(value)}` : figure(value);
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en-US").replaceAll(",", "\u202f");
}

/** A part of one. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value !== 0 && value < 0.1 ? "< 0.1" : value.toFixed(1)} %`;
}

/** Shown to the minute, in UTC. */
export function minute(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}

function minus(text: string): string {
  return text.replace(/^-/, "−");
}
