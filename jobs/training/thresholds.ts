import type { Values } from "../lib/config.ts";
import type { Thresholds } from "../lib/evaluation/mod.ts";
import type { columnOptions, gateOptions } from "./options.ts";

/** The gate's bounds that apply to the objective. */
export function thresholds(
  values: Values<typeof gateOptions> & Values<typeof columnOptions>,
): Thresholds {
  if (values.objective === "classification") {
    return { accuracy: { min: values.minAccuracy }, roc_auc: { min: values.minRocAuc } };
  }
  return {
    ...(values.maxRmse === undefined ? {} : { rmse: { max: values.maxRmse } }),
    ...(values.minR2 === undefined ? {} : { r2: { min: values.minR2 } }),
  };
}
