/**
 * A run of MLflow that ends as the work on it does.
 *
 * @module
 */

import { DependencyError, messageOf } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Artifact, Store } from "../lib/mlflow/mod.ts";

/** What else a bad end needs. */
export interface EndOptions {
  /** Tells a stop from a failure. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** The log to keep with the run, with the reason as its last line. */
  readonly logFile: (failure: string) => Artifact;
}

/** Does a stage's work on a run: it is RUNNING meanwhile, then FINISHED, or FAILED or KILLED. */
export async function onRun<T>(
  store: Store,
  runId: string,
  options: EndOptions,
  work: () => Promise<T>,
): Promise<T> {
  await store.resumeRun(runId);
  try {
    const result = await work();
    await store.endRun(runId, "FINISHED");
    return result;
  } catch (error) {
    await endBadly(store, runId, error, options);
    throw error;
  }
}

/** Marks a run KILLED or FAILED, without long waits: what went wrong may be the server. Never throws. */
export async function endBadly(
  store: Store,
  runId: string,
  error: unknown,
  { signal, log, logFile }: EndOptions,
): Promise<void> {
  try {
    const isServer = error instanceof DependencyError && error.code.startsWith("mlflow.");
    if (!isServer && !signal.aborted) {
      await store.logArtifacts(runId, [logFile(messageOf(error))]).catch(() => {});
    }
    await store.endRun(runId, signal.aborted ? "KILLED" : "FAILED");
  } catch (reason) {
    log.warn("the run could not be marked as failed", { run: runId, reason: messageOf(reason) });
  }
}
