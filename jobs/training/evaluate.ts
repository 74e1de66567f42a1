import {
  evaluateClassification,
  evaluateRegression,
  type EvaluationReport,
} from "../lib/evaluation/mod.ts";
import { type Forest, predict } from "../lib/forest/mod.ts";
import type { HeldOut } from "./data.ts";
import type { FeatureSchema } from "../lib/dataset/mod.ts";

/** Measures a forest on the held-out rows. */
export function evaluateForest(
  forest: Forest,
  data: { readonly schema: FeatureSchema; readonly heldOut: HeldOut },
): EvaluationReport {
  const { schema: { target }, heldOut: { matrix, labels } } = data;
  const outputs = predict(forest, matrix);
  if (target.objective === "regression") {
    return evaluateRegression(Float64Array.from(labels), outputs[0] ?? new Float32Array());
  }
  return evaluateClassification(Int32Array.from(labels), outputs, target.classes);
}
