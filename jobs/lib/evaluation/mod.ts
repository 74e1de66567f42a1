/**
 * How good a model is on labelled rows: metrics, curves, the gate. Definitions are scikit-learn's, so
 * that the numbers can be compared with anybody's.
 *
 * @module
 */
export * from "./calibration.ts";
export * from "./classification.ts";
export * from "./compare.ts";
export * from "./confusion.ts";
export * from "./gate.ts";
export * from "./log_loss.ts";
export * from "./regression.ts";
export * from "./roc.ts";
export { COMPARABLE, type ComparableMetric, greaterIsBetter } from "./weighted.ts";
