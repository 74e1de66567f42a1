/**
 * `model.onnx` in and out.
 *
 * @module
 */
export { checkFeatureNames } from "./model.ts";
export { type OnnxModel, readOnnx } from "./read.ts";
export { type OnnxMeta, writeOnnx } from "./write.ts";
