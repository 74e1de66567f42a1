/**
 * `model.onnx` in and out.
 *
 * @module
 */
export { bundleBytes } from "./ensemble.ts";
export { checkFeatureNames } from "./model.ts";
export { type OnnxModel, readOnnx } from "./read.ts";
export { type OnnxMeta, writeOnnx } from "./write.ts";
