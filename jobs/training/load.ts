import { type Encoding, type FeatureSchema, parseFeatureSchema } from "../lib/dataset/mod.ts";
import { type Forest, readOnnx } from "../lib/forest/mod.ts";
import { type Bundle, resolveModel, type Store } from "../lib/mlflow/mod.ts";

/** A model, ready to predict. */
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
  return loadForest(bundle);
}

/** Loads the forest of a bundle. @throws {DataError} where the bundle is damaged or not ours */
export function loadForest({ onnx, schema }: Bundle): LoadedForest {
  const parsed = parseFeatureSchema(schema);
  return { schema: parsed, ...readOnnx(onnx, parsed) };
}
