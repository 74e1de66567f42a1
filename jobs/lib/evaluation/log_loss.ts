/**
 * Mean negative log-likelihood of the true classes, natural logarithm (sklearn.metrics.log_loss on
 * float64: probabilities are kept within machine epsilon of 0 and 1).
 *
 * @param probabilities one array a class
 */
export function logLoss(labels: Int32Array, probabilities: readonly Float32Array[]): number {
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const probability = probabilities[labels[row] ?? 0]?.[row] ?? 0;
    total -= Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)));
  }
  return total / labels.length;
}
