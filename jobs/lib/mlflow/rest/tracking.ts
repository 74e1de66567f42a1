/**
 * Runs and logged models of an MLflow server
 * (https://mlflow.org/docs/latest/api_reference/rest-api.html), 2.16 and later.
 *
 * @module
 */

import type { ArtifactAccess } from "../artifacts/access.ts";
import type { TrackingStore } from "../store.ts";
import { getOrCreateExperiment } from "./experiments.ts";
import type { Http } from "./http.ts";
import { logData } from "./log.ts";
import { findLoggedModel, logModel } from "./models.ts";
import { createRun, endRun, getRun, logInput, resumeRun, runsTagged, toRun } from "./runs.ts";

/** Tracking on a server. */
export function serverTracking(
  http: Http,
  artifacts: ArtifactAccess,
): Omit<TrackingStore, "uri" | "mlflowVersion"> {
  /** Where runs keep their artifacts: that never moves. */
  const roots = new Map<string, string>();

  return {
    experiment: (name) => getOrCreateExperiment(http, name),
    async startRun(given) {
      const run = await createRun(http, given);
      roots.set(run.id, run.artifactUri);
      return run;
    },
    run: async (id) => toRun(await getRun(http, id)),
    runsTagged: (experimentId, key, value) => runsTagged(http, experimentId, key, value),
    resumeRun: (id) => resumeRun(http, id),
    log: (runId, data) => logData(http, runId, data),
    logInput: (runId, input) => logInput(http, runId, input),
    async logArtifacts(runId, files) {
      const root = roots.get(runId) ?? (await getRun(http, runId)).info.artifact_uri;
      roots.set(runId, root);
      await artifacts.upload(root, files);
    },
    logModel: (model) => logModel(http, artifacts, model),
    loggedModel: (runId, name) => findLoggedModel(http, artifacts, runId, name),
    endRun: (runId, status) => endRun(http, runId, status),
    downloadArtifacts: (uri) => artifacts.download(uri),
  };
}
