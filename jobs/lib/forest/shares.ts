/**
 * How much each tree says about a probability, in whole numbers of 2⁻²⁴.
 *
 * Every partial sum of such parts is a whole number of 2⁻²⁴ up to 1, which float32 holds exactly. So
 * probabilities do not depend on the order in which trees are added up: onnxruntime, which changes it
 * with the number of rows and threads, gives the same bits as the predictor here, and the
 * probabilities of all classes sum to exactly 1.
 *
 * @module
 */

/** One, in parts. */
const ONE = 2 ** 24;

/** Parts of tree `tree` among `trees`: almost equal, together exactly one. */
export function shareOf(tree: number, trees: number): number {
  return Math.floor((tree + 1) * ONE / trees) - Math.floor(tree * ONE / trees);
}

/**
 * Divides a tree's share among classes in proportion to their weights, to the nearest part.
 *
 * @param out Receives the values as fractions of 1; they sum to exactly `share / 2²⁴`.
 */
export function divideShare(weights: Float64Array, share: number, out: Float64Array): void {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let weight = 0;
  let given = 0;
  for (let k = 0; k < weights.length; k++) {
    weight += weights[k] as number;
    const upToHere = Math.round(share * (weight / total));
    out[k] = (upToHere - given) / ONE;
    given = upToHere;
  }
}
