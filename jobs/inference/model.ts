import { encode, parseFeatureSchema } from "../lib/dataset/mod.ts";
import { predict, readOnnx } from "../lib/forest/mod.ts";
import type { ResolvedModel } from "../lib/mlflow/mod.ts";
import { loadForeignScorer } from "./foreign_model.ts";
import type { Scorer } from "./scorer.ts";

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
