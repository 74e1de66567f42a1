/**
 * How a regression's errors are spread.
 *
 * @module
 */

/** Rows whose value lies between two bounds. */
export interface HistogramBin {
  /** Where it begins. */
  readonly lower: number;
  /** Where it ends. */
  readonly upper: number;
  /** Rows in it. */
  readonly count: number;
}

/** Rows with similar predictions. */
export interface PredictionBin {
  /** Rows in it. */
  readonly count: number;
  /** Mean prediction. */
  readonly predicted: number;
  /** Mean of the true values. */
  readonly observed: number;
}

/** See the module's description. */
export interface Residuals {
  /** Of true minus predicted values, from the 0.5th to the 99.5th percentile in bins of equal width. */
  readonly histogram: readonly HistogramBin[];
  /** By growing prediction, each with as many rows. */
  readonly calibration: readonly PredictionBin[];
}

/** Describes the errors of predictions. */
export function residualsOf(
  labels: ArrayLike<number>,
  predictions: Float32Array,
  bins = 20,
): Residuals {
  const rows = predictions.length;
  const residuals = Float64Array.from(predictions, (value, row) => (labels[row] ?? 0) - value)
    .sort();
  const at = (share: number) => residuals[Math.round(share * (rows - 1))] ?? 0;
  const [lower, upper] = [at(0.005), at(0.995)];
  const width = (upper - lower) / bins || 1;
  const counts = new Float64Array(bins);
  for (const residual of residuals) {
    if (residual < lower || residual > upper) continue;
    const bin = Math.min(bins - 1, Math.floor((residual - lower) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const order = Uint32Array.from(predictions, (_, row) => row)
    .sort((a, b) => (predictions[a] ?? 0) - (predictions[b] ?? 0));
  const groups = Math.min(bins, rows);
  return {
    histogram: Array.from(counts, (count, bin) => ({
      lower: lower + bin * width,
      upper: lower + (bin + 1) * width,
      count,
    })),
    calibration: Array.from({ length: groups }, (_, group) => {
      const part = order.subarray(
        Math.floor(group * rows / groups),
        Math.floor((group + 1) * rows / groups),
      );
      const mean = (of: (row: number) => number) =>
        part.reduce((sum, row) => sum + of(row), 0) / part.length;
      return {
        count: part.length,
        predicted: mean((row) => predictions[row] ?? 0),
        observed: mean((row) => labels[row] ?? 0),
      };
    }),
  };
}
