import { encode, parseFeatureSchema } from "../lib/dataset/mod.ts";
import { messageOf } from "../lib/errors.ts";
import type { Champion } from "../lib/evaluation/mod.ts";
import { readOnnx } from "../lib/forest/mod.ts";
import type { Log } from "../lib/log.ts";
import { resolveModel, type Store } from "../lib/mlflow/mod.ts";
import type { PreparedData } from "./data.ts";
import { evaluateForest } from "./evaluate.ts";

/**
 * The current champion, measured on the rows that the new version was measured on.
 *
 * @returns undefined where there is none, or where it cannot judge these rows: another label or
 *   missing columns mean another problem, and then only the thresholds count
 */
export async function championOn(
  store: Store,
  model: string,
  data: PreparedData,
  log: Log,
): Promise<Champion | undefined> {
  const found = await store.findAlias(model, "champion");
  if (found === undefined) return undefined;
  try {
    const { bundle } = await resolveModel(
      `models:/${model}/${found.version}`,
      () => Promise.resolve(store),
    );
    const schema = parseFeatureSchema(bundle.schema);
    if (JSON.stringify(schema.target) !== JSON.stringify(data.schema.target)) {
      throw new Error("it predicts something else");
    }
    const { forest, encoding } = readOnnx(bundle.onnx, schema);
    const heldOut = { ...data.heldOut, matrix: encode(encoding, data.heldOut.raw) };
    const report = evaluateForest(forest, { schema, heldOut });
    log.info("measured the champion on the same rows", {
      version: found.version,
      ...report.metrics,
    });
    return { version: found.version, metrics: report.metrics };
  } catch (error) {
    log.warn("the champion cannot be compared; only the thresholds count", {
      version: found.version,
      reason: messageOf(error),
    });
    return undefined;
  }
}
