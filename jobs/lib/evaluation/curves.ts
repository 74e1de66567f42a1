/**
 * Curves over all thresholds of a score, thinned to what a picture can show.
 *
 * @module
 */

/** A point of a curve: what to draw to the right, and up. */
export type Point = readonly [x: number, y: number];

/** What a threshold does: everything with at least this score is called positive. */
export interface ThresholdCurves {
  /** False positive rate and true positive rate, from (0, 0) to (1, 1). */
  readonly roc: readonly Point[];
  /** Recall and precision, by growing recall. */
  readonly precisionRecall: readonly Point[];
  /**
   * Mean precision, weighted by the growth of recall (sklearn.metrics.average_precision_score); NaN
   * without a positive row.
   */
  readonly averagePrecision: number;
}

/** Points of a curve that is drawn a few hundred pixels wide. */
const MOST_POINTS = 200;

/**
 * ROC and precision–recall of one class against the rest (sklearn.metrics.roc_curve,
 * precision_recall_curve).
 *
 * @param positive 1 where the row is of the class
 * @param scores any monotone score; no NaN
 */
export function thresholdCurves(
  positive: Uint8Array,
  scores: Float32Array | Float64Array,
): ThresholdCurves {
  const order = Uint32Array.from(scores, (_, row) => row)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const positives = positive.reduce((sum, each) => sum + each, 0);
  const negatives = order.length - positives;
  const roc: Point[] = [[0, 0]];
  const precisionRecall: Point[] = [];
  let hits = 0, recall = 0, averagePrecision = 0;
  for (let at = 0; at < order.length;) {
    const score = scores[order[at] as number];
    for (; at < order.length && scores[order[at] as number] === score; at++) {
      hits += positive[order[at] as number] as number;
    }
    const precision = hits / at;
    averagePrecision += (hits / positives - recall) * precision;
    recall = hits / positives;
    roc.push([(at - hits) / negatives, recall]);
    precisionRecall.push([recall, precision]);
  }
  return {
    roc: positives > 0 && negatives > 0 ? thinned(roc) : [],
    precisionRecall: positives > 0 ? thinned(precisionRecall) : [],
    averagePrecision: positives > 0 ? averagePrecision : NaN,
  };
}

/** The first, the last, and of the others those that are far enough from the one before. */
function thinned(points: readonly Point[]): Point[] {
  const least = 2 / MOST_POINTS;
  const kept: Point[] = [];
  let last: Point | undefined;
  for (const [at, point] of points.entries()) {
    const far = last === undefined ||
      Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) >= least;
    if (!far && at < points.length - 1) continue;
    kept.push(point);
    last = point;
  }
  return kept;
}
