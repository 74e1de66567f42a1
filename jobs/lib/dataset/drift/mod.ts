/**
 * Drift: how far data has moved from what a model was trained on.
 *
 * @module
 */
export { DRIFT_THRESHOLDS, driftOf, type DriftThresholds, type FeatureDrift } from "./drift.ts";
export {
  jensenShannon,
  kolmogorovSmirnov,
  populationStability,
  type WeightedValues,
} from "./distance.ts";
