/**
 * Metrics over rows that count more than once, as the bootstrap needs them: everything that does not
 * depend on the counts is computed before.
 *
 * @module
 */

import { argMax } from "./classification.ts";

/** A metric of the rows, each counted so many times; NaN where it is not defined. */
export type WeightedMetric = (counts: Uint16Array) => number;

/** Metrics that two models can be compared by, and whether greater is better. */
export const COMPARABLE = {
  classification: { roc_auc: true, accuracy: true, log_loss: false },
  regression: { rmse: false, mae: false, r2: true },
} as const;

/** Name of a metric of {@linkcode COMPARABLE}. */
export type ComparableMetric =
  | keyof typeof COMPARABLE.classification
  | keyof typeof COMPARABLE.regression;

/** True where a greater value is the better one. */
export function greaterIsBetter(metric: ComparableMetric): boolean {
  return { ...COMPARABLE.classification, ...COMPARABLE.regression }[metric];
}

/**
 * Prepares a metric of predictions.
 *
 * @param labels class index of each row, or for regression its value
 * @param outputs one array a class with its probability, or for regression one array
 */
export function weightedMetric(
  metric: ComparableMetric,
  labels: ArrayLike<number>,
  outputs: readonly Float32Array[],
): WeightedMetric {
  const rows = labels.length;
  const [first = new Float32Array(rows)] = outputs;
  switch (metric) {
    case "accuracy": {
      const predicted = argMax(outputs, rows);
      return mean(Float64Array.from(predicted, (value, row) => value === labels[row] ? 1 : 0));
    }
    case "log_loss": {
      const likelihood = (row: number) => outputs[labels[row] ?? 0]?.[row] ?? 0;
      return mean(Float64Array.from(first, (_, row) => -Math.log(kept(likelihood(row)))));
    }
    case "roc_auc":
      return outputs.length === 2
        ? area(labels, 1, outputs[1] ?? first)
        : macro(outputs.map((scores, index) => area(labels, index, scores)));
    case "mae":
      return mean(errors(labels, first).map(Math.abs));
    case "rmse": {
      const squared = mean(errors(labels, first).map((error) => error * error));
      return (counts) => Math.sqrt(squared(counts));
    }
    case "r2":
      return determination(Float64Array.from(labels), errors(labels, first));
  }
}

function errors(labels: ArrayLike<number>, predictions: Float32Array): Float64Array {
  return Float64Array.from(predictions, (value, row) => value - (labels[row] ?? 0));
}

function kept(probability: number): number {
  return Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability));
}

function mean(values: Float64Array): WeightedMetric {
  return (counts) => {
    let sum = 0;
    let rows = 0;
    for (let row = 0; row < values.length; row++) {
      const count = counts[row] as number;
      sum += count * (values[row] as number);
      rows += count;
    }
    return sum / rows;
  };
}

function determination(labels: Float64Array, errors: Float64Array): WeightedMetric {
  const centre = mean(labels);
  return (counts) => {
    const average = centre(counts);
    let squared = 0;
    let spread = 0;
    for (let row = 0; row < labels.length; row++) {
      const count = counts[row] as number;
      squared += count * (errors[row] as number) ** 2;
      spread += count * ((labels[row] as number) - average) ** 2;
    }
    return spread > 0 ? 1 - squared / spread : NaN;
  };
}

/** Area under the ROC curve by ranks, as `rocAuc` has it. */
function area(labels: ArrayLike<number>, positive: number, scores: Float32Array): WeightedMetric {
  const order = Uint32Array.from(scores, (_, row) => row)
    .sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const isPositive = Uint8Array.from(order, (row) => labels[row] === positive ? 1 : 0);
  // 1 where a score is greater than the one before.
  const rises = Uint8Array.from(
    order,
    (row, at) =>
      at > 0 && (scores[row] as number) > (scores[order[at - 1] as number] as number) ? 1 : 0,
  );
  return (counts) => {
    let below = 0;
    let won = 0;
    let positives = 0;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (let at = 0; at < order.length; at++) {
      if (rises[at] === 1) {
        won += tiedPositives * (below + tiedNegatives / 2);
        positives += tiedPositives;
        below += tiedNegatives;
        tiedPositives = tiedNegatives = 0;
      }
      const count = counts[order[at] as number] as number;
      if (isPositive[at] === 1) tiedPositives += count;
      else tiedNegatives += count;
    }
    won += tiedPositives * (below + tiedNegatives / 2);
    positives += tiedPositives;
    below += tiedNegatives;
    return won / (positives * below);
  };
}

/** Mean of those that are defined. */
function macro(metrics: readonly WeightedMetric[]): WeightedMetric {
  return (counts) => {
    const values = metrics.map((metric) => metric(counts)).filter((value) => !Number.isNaN(value));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
}
