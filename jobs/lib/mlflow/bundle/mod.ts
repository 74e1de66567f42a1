/**
 * Model bundles: what a trained model is on disk, in MLflow and in an archive.
 *
 * @module
 */

export { modelDigest } from "./digest.ts";
export { bundleFiles, type BundleParts, type BundleRun, type HeldOutRows } from "./files.ts";
export { fromInputExample } from "./input_example.ts";
export { madeAt } from "./made_at.ts";
export { stampModelId } from "./mlmodel.ts";
export { type Bundle, digestMismatch, readBundle, toBundle } from "./read.ts";
export { BUNDLE_LIMITS, type BundleLimits, untar } from "./tar.ts";
export { writeBundle } from "./write.ts";
