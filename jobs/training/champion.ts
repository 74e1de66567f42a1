import { type FeatureSchema, matchColumns } from "../lib/dataset/mod.ts";
import { DataError, UsageError } from "../lib/errors.ts";
import { type Champion, type ComparableMetric, compareModels } from "../lib/evaluation/mod.ts";
import type { Log } from "../lib/log.ts";
import type { ModelVersion, Store } from "../lib/mlflow/mod.ts";
import type { LabelledRows } from "./held_out.ts";
import { loadVersion } from "./load.ts";
import { measure, type Measurement } from "./measure.ts";

/** A model that wants to become champion, and the rows it was measured on. */
export interface Challenger {
  readonly schema: FeatureSchema;
  readonly rows: LabelledRows;
  readonly measurement: Measurement;
}

/** How to compare. */
export interface ComparisonRules {
  readonly metric: ComparableMetric;
  readonly confidence: number;
}

/** The champion beside a challenger, as far as it can be measured on the same rows. */
export type ComparedChampion = Champion & { readonly measured?: Measurement };

/**
 * Measures the champion on the rows that a challenger was measured on.
 *
 * @returns without a comparison where the champion cannot judge these rows: another label, missing
 *   columns or a damaged bundle; then only the thresholds count
 * @throws {DependencyError} where the store does not answer: not knowing the champion is no reason to
 *   replace it
 */
export async function compareWithChampion(
  store: Store,
  { name, version }: ModelVersion,
  { schema: { target }, rows, measurement }: Challenger,
  { metric, confidence }: ComparisonRules,
  log: Log,
): Promise<ComparedChampion> {
  const unfit = (reason: string) => {
    log.warn("the champion cannot be compared; only the thresholds count", { version, reason });
    return { version, unfit: reason };
  };
  try {
    const champion = await loadVersion(store, name, version);
    if (JSON.stringify(champion.schema.target) !== JSON.stringify(target)) {
      return unfit("it predicts something else");
    }
    matchColumns(champion.schema, rows.raw.columns, null);
    const measured = measure(champion, rows);
    const { report, outputs } = measured;
    log.info("measured the champion on the same rows", { version, ...report.metrics });
    const comparison = compareModels(metric, rows.labels, measurement.outputs, outputs, {
      confidence,
    });
    return { version, metrics: report.metrics, comparison, measured };
  } catch (error) {
    if (error instanceof DataError || error instanceof UsageError) return unfit(error.message);
    throw error;
  }
}
