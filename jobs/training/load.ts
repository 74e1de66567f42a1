import { type Encoding, type FeatureSchema, parseFeatureSchema } from "../lib/dataset/mod.ts";
import { type Forest, readOnnx } from "../lib/forest/mod.ts";
import { resolveModel, type Store } from "../lib/mlflow/mod.ts";

/** A registered model, ready to predict. */
export interface LoadedForest {
  readonly schema: FeatureSchema;
  readonly encoding: Encoding;
  readonly forest: Forest;
}

/**
 * Loads a registered version as scoring does.
 *
 * @throws {UsageError} where there is no such version
 * @throws {DataError} where its bundle is missing, damaged or not the one that was registered
 */
export async function loadVersion(
  store: Store,
  model: string,
  version: string,
): Promise<LoadedForest> {
  const { bundle } = await resolveModel(
    `models:/${model}/${version}`,
    () => Promise.resolve(store),
  );
  const schema = parseFeatureSchema(bundle.schema);
  return { schema, ...readOnnx(bundle.onnx, schema) };
}
