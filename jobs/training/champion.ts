import { encode, matchColumns } from "../lib/dataset/mod.ts";
import { DataError, UsageError } from "../lib/errors.ts";
import type { Champion } from "../lib/evaluation/mod.ts";
import type { Log } from "../lib/log.ts";
import type { Store } from "../lib/mlflow/mod.ts";
import type { PreparedData } from "./data.ts";
import { evaluateForest } from "./evaluate.ts";
import { loadVersion } from "./load.ts";

/**
 * The current champion, measured on the rows that the new version was measured on.
 *
 * @returns undefined where there is none, or where it cannot judge these rows: another label, missing
 *   columns or a damaged bundle; then only the thresholds count
 * @throws {DependencyError} where the store does not answer: not knowing the champion is no reason to
 *   replace it
 */
export async function championOn(
  store: Store,
  model: string,
  data: PreparedData,
  log: Log,
): Promise<Champion | undefined> {
  const found = await store.findAlias(model, "champion");
  if (found === undefined) return undefined;
  const { version } = found;
  const unfit = (reason: string) => {
    log.warn("the champion cannot be compared; only the thresholds count", { version, reason });
    return undefined;
  };
  try {
    const { schema, encoding, forest } = await loadVersion(store, model, version);
    if (JSON.stringify(schema.target) !== JSON.stringify(data.schema.target)) {
      return unfit("it predicts something else");
    }
    matchColumns(schema, data.heldOut.raw.columns, null);
    const heldOut = { ...data.heldOut, matrix: encode(encoding, data.heldOut.raw) };
    const { metrics } = evaluateForest(forest, { schema, heldOut });
    log.info("measured the champion on the same rows", { version, ...metrics });
    return { version, metrics };
  } catch (error) {
    if (error instanceof DataError || error instanceof UsageError) return unfit(error.message);
    throw error;
  }
}
