/**
 * Model bundles: what a trained model is on disk, in MLflow and in an archive.
 *
 * @module
 */

export { modelDigest } from "./digest.ts";
export { bundleFiles, type BundleParts, type BundleRun } from "./files.ts";
export { type Bundle, readBundle, toBundle } from "./read.ts";
export { BUNDLE_LIMITS, type BundleLimits } from "./tar.ts";
export { writeBundle } from "./write.ts";
