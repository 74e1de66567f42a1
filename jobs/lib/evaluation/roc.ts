/**
 * Area under the ROC curve, by ranks: the probability that a positive row scores above a negative
 * one, ties counting half (Mann and Whitney, 1947; equals sklearn.metrics.roc_auc_score).
 *
 * @param positive 1 where the row is positive
 * @param scores any monotone score; no NaN
 * @returns NaN where all rows are of one kind
 */
export function rocAuc(positive: Uint8Array, scores: Float32Array | Float64Array): number {
  const order = rank(scores);
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let among = 0;
    while (end < order.length && scores[order[end] ?? 0] === score) {
      among += positive[order[end] ?? 0] ?? 0;
      end++;
    }
    // Tied rows share the mean of the ranks start+1 … end.
    rankSum += among * (start + 1 + end) / 2;
    positives += among;
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return NaN;
  return (rankSum - positives * (positives + 1) / 2) / (positives * negatives);
}

/**
 * Mean over the classes of each class's area against the rest (sklearn: `multi_class="ovr"`,
 * `average="macro"`); classes without a row, or with all, are left out.
 */
export function macroRocAuc(labels: Int32Array, probabilities: readonly Float32Array[]): number {
  let total = 0;
  let counted = 0;
  for (const [index, scores] of probabilities.entries()) {
    const area = rocAuc(Uint8Array.from(labels, (label) => label === index ? 1 : 0), scores);
    if (Number.isNaN(area)) continue;
    total += area;
    counted++;
  }
  return counted === 0 ? NaN : total / counted;
}

/** Row indices by ascending score. */
function rank(scores: Float32Array | Float64Array): Uint32Array {
  const order = Uint32Array.from(scores, (_, row) => row);
  return order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
}
