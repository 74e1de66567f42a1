/**
 * Drift: how far data has moved from what a model was trained on.
 *
 * @module
 */
export {
  DRIFT_THRESHOLDS,
  driftOf,
  type DriftThresholds,
  driftThresholds,
  type FeatureDrift,
  hasDrifted,
} from "./drift.ts";
export { jensenShannon, kolmogorovSmirnov, populationStability } from "./distance.ts";
export { predictionTable } from "./predictions.ts";
