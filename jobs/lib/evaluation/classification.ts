import { type CalibrationBin, calibrationCurve, calibrationError } from "./calibration.ts";
import { classScores, type ConfusionMatrix, confusionMatrix } from "./confusion.ts";
import { thresholdCurves } from "./curves.ts";
import { logLoss } from "./log_loss.ts";
import { macroRocAuc, rocAuc } from "./roc.ts";

/** A class as the data has it. */
export type ClassName = boolean | number | string;

/** One class's part of a {@linkcode ClassificationReport}. */
export interface ClassReport {
  /** The class. */
  readonly class: ClassName;
  /** Right among those predicted to be of the class. */
  readonly precision: number;
  /** Found among those that are of the class. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
  /** Area under the curve of the class against the rest; null where it is not defined. */
  readonly roc_auc: number | null;
  /** Rows of the class. */
  readonly support: number;
}

/** How good a classifier is; written as `evaluation.json`. */
export interface ClassificationReport {
  /** Tells it from a regression's. */
  readonly objective: "classification";
  /** Rows it was measured on. */
  readonly rows: number;
  /**
   * By name, all finite. With two classes precision, recall, F1 and average precision are the second
   * class's.
   */
  readonly metrics: Readonly<Record<string, number>>;
  /** By true class (row) and predicted class (column), in the order of `per_class`. */
  readonly confusion_matrix: ConfusionMatrix;
  /** In the order of the model's classes. */
  readonly per_class: readonly ClassReport[];
  /** Of the second class (two classes) or of the predicted class (more). */
  readonly calibration: readonly CalibrationBin[];
}

/**
 * Measures predicted probabilities against labels.
 *
 * @param labels class index of each row
 * @param probabilities one array of `rows` values a class
 * @param classes names of the classes, in the order of `probabilities`
 */
export function evaluateClassification(
  labels: Int32Array,
  probabilities: readonly Float32Array[],
  classes: readonly ClassName[],
): ClassificationReport {
  const predicted = argMax(probabilities, labels.length);
  const matrix = confusionMatrix(labels, predicted, classes.length);
  const scores = classScores(matrix);
  const binary = classes.length === 2;
  const areas = probabilities.map((scores, index) =>
    rocAuc(Uint8Array.from(labels, (label) => label === index ? 1 : 0), scores)
  );
  const calibration = binary
    ? calibrationCurve(Uint8Array.from(labels), probabilities[1] ?? new Float32Array())
    : calibrationCurve(
      Uint8Array.from(labels, (label, row) => label === predicted[row] ? 1 : 0),
      Float32Array.from(predicted, (index, row) => probabilities[index]?.[row] ?? 0),
    );
  const headline = binary ? scores[1] : undefined;
  const metrics = {
    accuracy: trace(matrix) / labels.length,
    precision: headline?.precision ?? mean(scores.map((score) => score.precision)),
    recall: headline?.recall ?? mean(scores.map((score) => score.recall)),
    f1: headline?.f1 ?? mean(scores.map((score) => score.f1)),
    roc_auc: binary ? areas[1] ?? NaN : macroRocAuc(labels, probabilities),
    average_precision: binary
      ? thresholdCurves(Uint8Array.from(labels), probabilities[1] ?? new Float32Array())
        .averagePrecision
      : NaN,
    log_loss: logLoss(labels, probabilities),
    calibration_error: calibrationError(calibration),
  };
  return {
    objective: "classification",
    rows: labels.length,
    metrics: Object.fromEntries(Object.entries(metrics).filter(([, value]) => isFinite(value))),
    confusion_matrix: matrix,
    per_class: scores.map((score, index) => ({
      class: classes[index] ?? index,
      ...score,
      roc_auc: finiteOrNull(areas[index]),
    })),
    calibration,
  };
}

/** The most probable class of each row; the first of equals. */
export function argMax(probabilities: readonly Float32Array[], rows: number): Int32Array {
  const best = new Int32Array(rows);
  const highest = Float32Array.from(probabilities[0] ?? []);
  for (let index = 1; index < probabilities.length; index++) {
    const scores = probabilities[index] ?? highest;
    for (let row = 0; row < rows; row++) {
      if ((scores[row] ?? 0) > (highest[row] ?? 0)) {
        highest[row] = scores[row] ?? 0;
        best[row] = index;
      }
    }
  }
  return best;
}

function trace(matrix: ConfusionMatrix): number {
  return matrix.reduce((total, row, index) => total + (row[index] ?? 0), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
