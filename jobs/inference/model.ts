import { type Batch, encode, type FeatureSchema, parseFeatureSchema } from "../lib/dataset/mod.ts";
import { predict, readOnnx } from "../lib/forest/mod.ts";
import type { ResolvedModel } from "../lib/mlflow/mod.ts";
import { loadForeignScorer } from "./foreign_model.ts";

/** A loaded model: raw rows in, outputs per row out. */
export interface Scorer {
  /** What it takes and predicts. */
  readonly schema: FeatureSchema;
  /** What runs it: the forest it was trained as, trees of another tool, or onnxruntime. */
  readonly engine: "forest" | "trees" | "onnxruntime";
  /** One array a class in the order of the schema's classes, or one of values for a regression. */
  score(batch: Batch): Float32Array[] | Promise<Float32Array[]>;
}

/**
 * Makes a model ready to score: one that this project trained, or, without a `feature_schema.json`,
 * any other ONNX model.
 *
 * @throws {DataError} `model.onnx-invalid`, `model.onnx-foreign`, `model.onnx-unusable`,
 *   `model.columns-unnamed`, `data.schema-invalid`
 */
export async function loadScorer(model: ResolvedModel): Promise<Scorer> {
  if (model.bundle.schema === undefined) return await loadForeignScorer(model.bundle);
  const schema = parseFeatureSchema(model.bundle.schema);
  const { forest, encoding } = readOnnx(model.bundle.onnx, schema);
  return {
    schema,
    engine: "forest",
    score: (batch) => predict(forest, encode(encoding, batch)),
  };
}
