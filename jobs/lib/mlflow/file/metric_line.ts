/**
 * Lines of the file store's metric files (`_log_run_metric`, `_log_model_metric` of
 * `mlflow/store/tracking/file_store.py`).
 *
 * @module
 */

import type { Metric } from "../store.ts";

/** A line of a run's metric: `timestamp value step`, and the dataset if it has one. */
export function runMetricLine(metric: Metric): string {
  return [...point(metric), ...dataset(metric)].join(" ") + "\n";
}

/** A line of a logged model's metric, which also names the run. */
export function modelMetricLine(metric: Metric, runId: string): string {
  return [...point(metric), runId, ...dataset(metric)].join(" ") + "\n";
}

function point(metric: Metric): string[] {
  const { timestamp, value, step } = metric;
  return [String(Math.trunc(timestamp)), pythonFloat(value), String(Math.trunc(step ?? 0))];
}

/**
 * Python splits the line at spaces, so a dataset whose name has one would make it unreadable; and it
 * takes the step of a line with a dataset for 0, so a later step goes without.
 */
function dataset(metric: Metric): string[] {
  const { dataset, step } = metric;
  if (dataset === undefined || (step ?? 0) !== 0) return [];
  const parts = [dataset.name, dataset.digest];
  return parts.some((part) => part === "" || /\s/.test(part)) ? [] : parts;
}

function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0.0" : String(value);
}
