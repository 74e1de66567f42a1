/**
 * What an ensemble does with its sums, as onnxruntime does it: in float32.
 *
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/providers/cpu/ml/ml_common.h
 * @module
 */

/** 1 / (1 + e⁻ˣ). */
export function logistic(value: number): number {
  const v = Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(-Math.abs(value)))));
  return value < 0 ? Math.fround(1 - v) : v;
}

/** Replaces the scores of each row, one array a class, by their softmax. */
export function softmax(scores: readonly Float32Array[]): void {
  const rows = scores[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) {
    let most = -Infinity;
    for (const score of scores) most = Math.max(most, score[row] as number);
    let sum = 0;
    for (const score of scores) {
      const power = Math.fround(Math.exp(Math.fround((score[row] as number) - most)));
      score[row] = power;
      sum = Math.fround(sum + power);
    }
    for (const score of scores) score[row] = (score[row] as number) / sum;
  }
}
