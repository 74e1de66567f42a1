/**
 * Random forests: training, prediction, ONNX in and out.
 *
 * @module
 */
export * from "./forest.ts";
export { countFeatures, forestEngine } from "./ensemble.ts";
export { argMax, predict } from "./predict.ts";
