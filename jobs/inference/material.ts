import { type Dataset, matchColumns } from "../lib/dataset/mod.ts";
import type { Log } from "../lib/log.ts";
import type { Scorer } from "./scorer.ts";
import type { Opened } from "./settle.ts";
import { type Baseline, baselineOf, SurveyPlan } from "./survey/mod.ts";

/** What is scored with what. */
export interface Material {
  readonly scorer: Scorer;
  readonly dataset: Dataset;
  /** Columns to read: those that the model takes. */
  readonly columns: readonly string[];
  /** The column of the messages' keys. */
  readonly keyColumn: string | undefined;
  /** What the rows are held against; undefined for a model without a baseline. */
  readonly watch: Watch | undefined;
}

/** See {@linkcode Material.watch}. */
export interface Watch {
  readonly baseline: Baseline;
  readonly plan: SurveyPlan;
}

/**
 * Puts a model and data together.
 *
 * @param keyColumn column of the message keys; the model's unless told
 * @throws {DataError} where the data has not what the model takes, and `data.statistics-invalid`,
 *   `data.constraints-invalid`
 */
export async function materialOf(
  { model, scorer, dataset }: Opened,
  keyColumn: string | undefined,
  log: Log,
): Promise<Material> {
  const { name, version, digest } = model;
  log.info("model is ready", { name, version, digest, engine: scorer.engine });
  const key = keyColumn ?? scorer.schema.key;
  if (dataset.rows === 0) {
    return { scorer, dataset, columns: [], keyColumn: key, watch: undefined };
  }
  const { extra } = matchColumns(scorer.schema, dataset.fields, key ?? null, dataset.unsupported);
  for (const notice of dataset.notices ?? []) log.warn(notice);
  if (extra.length > 0) {
    log.info("columns that the model does not use", { columns: extra.join(",") });
  }
  const columns = [...new Set(scorer.schema.features.map(({ name }) => name))];
  const baseline = await baselineOf(model);
  const { target } = scorer.schema;
  const watch = Object.values(baseline).every((part) => part === undefined)
    ? undefined
    : { baseline, plan: new SurveyPlan(baseline, target, columns, dataset.rows) };
  return { scorer, dataset, columns, keyColumn: key, watch };
}
