/** Counts by true class (row) and predicted class (column). */
export type ConfusionMatrix = readonly (readonly number[])[];

/** How well one class is found. */
export interface ClassScore {
  /** Right among those predicted to be of the class; 0 where none was. */
  readonly precision: number;
  /** Found among those that are of the class; 0 where none is. */
  readonly recall: number;
  /** Harmonic mean of the two; 0 where both are. */
  readonly f1: number;
  /** Rows of the class. */
  readonly support: number;
}

/**
 * Counts true against predicted classes.
 *
 * @param labels class index of each row
 * @param predicted class index of each row
 * @param classes number of classes
 */
export function confusionMatrix(
  labels: Int32Array,
  predicted: Int32Array,
  classes: number,
): ConfusionMatrix {
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < labels.length; row++) {
    const cell = (labels[row] ?? 0) * classes + (predicted[row] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return Array.from(
    { length: classes },
    (_, row) => Array.from(counts.subarray(row * classes, (row + 1) * classes)),
  );
}

/** Precision, recall and F1 of each class (sklearn.metrics.precision_recall_fscore_support). */
export function classScores(matrix: ConfusionMatrix): ClassScore[] {
  return matrix.map((row, index) => {
    const hits = row[index] ?? 0;
    const support = sum(row);
    const called = sum(matrix.map((other) => other[index] ?? 0));
    const precision = called === 0 ? 0 : hits / called;
    const recall = support === 0 ? 0 : hits / support;
    const f1 = hits === 0 ? 0 : 2 * precision * recall / (precision + recall);
    return { precision, recall, f1, support };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
