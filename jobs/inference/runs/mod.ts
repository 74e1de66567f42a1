/**
 * Runs: what each is made of, who works on which part of it, and how far it is.
 *
 * @module
 */
export { identifyRun, type RunIdentity, type Shards } from "./identity.ts";
export { inputKey, listInputs, openInputs, reportNewFiles } from "./inputs.ts";
export {
  checkConditions,
  checkDestination,
  checkModel,
  checkReplayed,
  checkSink,
  type Conditions,
  firstManifest,
} from "./manifest.ts";
export { replayId } from "./next_id.ts";
export { DAILY, type Partition, partitionOf } from "./partition.ts";
export { knownRun, listRuns, reportRun, type RunReport } from "./report.ts";
export type { Abandonment, Completion, Input, Manifest, ShardRecord } from "./schema.ts";
export { checkAbandoned, checkSuperseded, watchAbandonment } from "./standing.ts";
export { type KeptManifest, openRuns, type Runs, type RunState } from "./state.ts";
