import { encode } from "../lib/dataset/mod.ts";
import { DataError } from "../lib/errors.ts";
import { predict } from "../lib/forest/mod.ts";
import {
  fromInputExample,
  type ModelVersion,
  resolveModel,
  type Store,
} from "../lib/mlflow/mod.ts";
import { loadForest } from "./load.ts";

/** Predictions of a version for its own example. */
export interface ScoredExample {
  readonly rows: number;
  /** A probability a class, or one value; an array of `rows` each. */
  readonly outputs: readonly Float32Array[];
}

/**
 * Loads a version as scoring does and predicts the example that is stored with it: proof that it works
 * here and now.
 *
 * @throws {DataError} `model.example-missing`, `model.example-fails`, and where the bundle is damaged
 */
export async function scoreExample(
  store: Store,
  { name, version }: ModelVersion,
): Promise<ScoredExample> {
  const uri = `models:/${name}/${version}`;
  const { bundle } = await resolveModel(uri, () => Promise.resolve(store));
  const { schema, encoding, forest } = loadForest(bundle);
  const file = bundle.files.find(({ path }) => path === "input_example.json");
  if (file === undefined) throw unproven("model.example-missing", uri, "it has no input example");
  const batch = fromInputExample(JSON.parse(new TextDecoder().decode(file.bytes)), schema);
  const outputs = predict(forest, encode(encoding, batch));
  if (outputs.length === 0 || outputs.some((output) => !output.every(Number.isFinite))) {
    throw unproven("model.example-fails", uri, "its predictions for its example are no numbers");
  }
  return { rows: batch.rows, outputs };
}

function unproven(code: string, uri: string, found: string): DataError {
  return new DataError({
    code,
    cannot: `show that ${uri} works`,
    found,
    todo: "Choose another version",
  });
}
