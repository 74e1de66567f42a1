/**
 * Trains the forest that we and onnxruntime predict with: `train.ts DATA DIR DEPTH` writes
 * `DIR/model.onnx` and `DIR/schema.json`.
 *
 * @module
 */

import type { FeatureSchema } from "../../jobs/lib/dataset/mod.ts";
import { forestEngine, writeOnnx } from "../../jobs/lib/forest/mod.ts";
import { readRows } from "../forest/rows.ts";

const [data = "", folder = "", depth = "10"] = Deno.args;
const { matrix, labels } = await readRows(data, "train");
const { forest } = await forestEngine.train({ matrix, labels, classes: 2 }, {
  objective: "classification",
  trees: 100,
  maxDepth: Number(depth),
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  classWeight: "none",
  seed: 42,
  threads: 2,
});
const schema: FeatureSchema = {
  version: 1,
  target: { objective: "classification", label: "late", kind: "boolean", classes: [false, true] },
  features: matrix.names.map((name) => ({ name, kind: "number", type: "float" })),
  dropped: [],
};
const meta = { producer: "bench", version: "1" };
const model = writeOnnx(forest, { schema, categories: new Map() }, meta);
await Deno.mkdir(folder, { recursive: true });
await Deno.writeFile(`${folder}/model.onnx`, model);
await Deno.writeTextFile(`${folder}/schema.json`, JSON.stringify(schema));
