import { encode, type FeatureSchema, parseFeatureSchema } from "../lib/dataset/mod.ts";
import type { Batch } from "../lib/dataset/mod.ts";
import { predict, readOnnx } from "../lib/forest/mod.ts";
import type { ResolvedModel } from "../lib/mlflow/mod.ts";

/** A loaded model: raw rows in, outputs per row out. */
export interface Scorer {
  /** What it takes and predicts. */
  readonly schema: FeatureSchema;
  /** One array a class in the order of the schema's classes, or one of values for a regression. */
  score(batch: Batch): Float32Array[];
}

/** Compiles a bundle's graph for scoring. */
export function loadScorer(model: ResolvedModel): Scorer {
  const schema = parseFeatureSchema(model.bundle.schema);
  const { forest, encoding } = readOnnx(model.bundle.onnx, schema);
  return { schema, score: (batch) => predict(forest, encode(encoding, batch)) };
}
