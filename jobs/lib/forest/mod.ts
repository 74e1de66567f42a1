/**
 * Random forests: training, prediction, ONNX in and out.
 *
 * @module
 */
export * from "./forest.ts";
export { blockFolder } from "./checkpoint/mod.ts";
export { countFeatures } from "./counts.ts";
export { forestEngine, growPart } from "./ensemble.ts";
export { type OutOfBag, outOfBag } from "./out_of_bag.ts";
export {
  type PermutationImportances,
  permutationImportances,
  type PermutationOptions,
} from "./permutation.ts";
export { mlRandomForestEngine } from "./ml_random_forest.ts";
export { argMax, predict } from "./predict.ts";
export * from "./onnx/mod.ts";
export * from "./foreign/mod.ts";
export * from "./pictures/mod.ts";
