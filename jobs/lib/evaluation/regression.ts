/** How good a regression is; written as `evaluation.json`. */
export interface RegressionReport {
  /** Tells it from a classification's. */
  readonly objective: "regression";
  /** Rows it was measured on. */
  readonly rows: number;
  /** `rmse`, `mae`, `r2` (left out where all labels are equal). */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Measures predictions against values (sklearn.metrics: root_mean_squared_error,
 * mean_absolute_error, r2_score).
 */
export function evaluateRegression(
  labels: Float64Array,
  predictions: Float32Array,
): RegressionReport {
  const rows = labels.length;
  const mean = labels.reduce((total, value) => total + value, 0) / rows;
  let squared = 0;
  let absolute = 0;
  let spread = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row] ?? 0;
    const error = label - (predictions[row] ?? 0);
    squared += error * error;
    absolute += Math.abs(error);
    spread += (label - mean) ** 2;
  }
  return {
    objective: "regression",
    rows,
    metrics: {
      rmse: Math.sqrt(squared / rows),
      mae: absolute / rows,
      ...(spread > 0 ? { r2: 1 - squared / spread } : {}),
    },
  };
}
