/**
 * How good a model is on labelled rows: metrics, curves, the gate. Definitions are scikit-learn's, so
 * that the numbers can be compared with anybody's.
 *
 * @module
 */
export * from "./calibration.ts";
export { type Bar, barChart, type Picture, svgDocument } from "./charts/mod.ts";
export * from "./classification.ts";
export * from "./compare.ts";
export * from "./confusion.ts";
export * from "./curves.ts";
export * from "./gate.ts";
export * from "./log_loss.ts";
export * from "./regression.ts";
export * from "./report/mod.ts";
export * from "./residuals.ts";
export * from "./roc.ts";
export {
  COMPARABLE,
  type ComparableMetric,
  greaterIsBetter,
  type WeightedMetric,
  weightedMetric,
} from "./weighted.ts";
