import { encode } from "../lib/dataset/mod.ts";
import {
  evaluateClassification,
  evaluateRegression,
  type EvaluationReport,
} from "../lib/evaluation/mod.ts";
import { type Matrix, predict } from "../lib/forest/mod.ts";
import type { LabelledRows } from "./held_out.ts";
import type { LoadedForest } from "./load.ts";

/** How a model did on labelled rows. */
export interface Measurement {
  readonly report: EvaluationReport;
  /** Its predictions: a probability a class, or one value. */
  readonly outputs: readonly Float32Array[];
  /** The rows in the model's own encoding. */
  readonly matrix: Matrix;
}

/** Measures a model on labelled rows. */
export function measure(model: LoadedForest, { raw, labels }: LabelledRows): Measurement {
  const { schema: { target }, encoding, forest } = model;
  const matrix = encode(encoding, raw);
  const outputs = predict(forest, matrix);
  const report = target.objective === "regression"
    ? evaluateRegression(Float64Array.from(labels), outputs[0] ?? new Float32Array())
    : evaluateClassification(Int32Array.from(labels), outputs, target.classes);
  return { report, outputs, matrix };
}
