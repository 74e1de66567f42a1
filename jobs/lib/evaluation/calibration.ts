/** The rows whose predicted probability lies in one interval. */
export interface CalibrationBin {
  /** From, included. */
  readonly lower: number;
  /** To, excluded except in the last bin. */
  readonly upper: number;
  /** Rows in it. */
  readonly count: number;
  /** Mean predicted probability; null without a row. */
  readonly predicted: number | null;
  /** Fraction that are positive; null without a row. */
  readonly observed: number | null;
}

/**
 * Predicted probability against observed frequency in bins of equal width
 * (sklearn.calibration.calibration_curve, `strategy="uniform"`).
 */
export function calibrationCurve(
  positive: Uint8Array,
  probabilities: Float32Array,
  bins = 10,
): CalibrationBin[] {
  const count = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row] ?? 0;
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    count[bin] = (count[bin] ?? 0) + 1;
    predicted[bin] = (predicted[bin] ?? 0) + probability;
    observed[bin] = (observed[bin] ?? 0) + (positive[row] ?? 0);
  }
  return Array.from(count, (rows, bin) => ({
    lower: bin / bins,
    upper: (bin + 1) / bins,
    count: rows,
    predicted: rows === 0 ? null : (predicted[bin] ?? 0) / rows,
    observed: rows === 0 ? null : (observed[bin] ?? 0) / rows,
  }));
}

/** Mean gap between predicted and observed, weighted by rows (Naeini et al., 2015). */
export function calibrationError(curve: readonly CalibrationBin[]): number {
  const rows = curve.reduce((total, bin) => total + bin.count, 0);
  return curve.reduce(
    (total, { count, predicted, observed }) =>
      total +
      (predicted === null || observed === null ? 0 : count * Math.abs(predicted - observed)),
    0,
  ) / rows;
}
