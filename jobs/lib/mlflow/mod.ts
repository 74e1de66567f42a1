/**
 * MLflow: tracking and registry (a real server, or the embedded file store), and the model bundle.
 *
 * @module
 */

export {
  type Bundle,
  BUNDLE_LIMITS,
  bundleFiles,
  type BundleLimits,
  type BundleParts,
  type BundleRun,
  fromInputExample,
  type HeldOutRows,
  madeAt,
  modelDigest,
  readBundle,
  toBundle,
  writeBundle,
} from "./bundle/mod.ts";
export { type ModelCache, modelCache } from "./model_cache.ts";
export { type ModelUri, parseModelUri } from "./model_uri.ts";
export { checkExperimentName, checkModelName, type Stage, STAGES, toKey } from "./names.ts";
export { DEFAULT_TRACKING_URI, openStore, type StoreOptions } from "./open.ts";
export { openTracking, trackingOptions } from "./options.ts";
export { DIGEST_TAG, type ResolvedModel, resolveModel, type ResolveOptions } from "./resolve.ts";
export * from "./store.ts";
export { MLFLOW_VARIABLES, type MlflowVariables, readVariables } from "./variables.ts";
export { inTurn, type TurnOptions, type TurnRegistry } from "./turn.ts";
