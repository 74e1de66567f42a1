/**
 * Model bundles: what a trained model is on disk, in MLflow and in an archive.
 *
 * @module
 */

export { modelDigest } from "./digest.ts";
export { bundleFiles, type BundleParts, type BundleRun, type HeldOutRows } from "./files.ts";
export { fromInputExample } from "./input_example.ts";
export { type Bundle, readBundle, toBundle } from "./read.ts";
export { madeAt } from "./made_at.ts";
export { BUNDLE_LIMITS, type BundleLimits } from "./tar.ts";
export { writeBundle } from "./write.ts";
