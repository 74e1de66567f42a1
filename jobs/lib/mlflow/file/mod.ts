/**
 * The embedded file store: MLflow's own folder layout (`mlflow/store/tracking/file_store.py` and
 * `mlflow/store/model_registry/file_store.py` of MLflow 3.17), so that Python reads it with
 * `MLFLOW_ALLOW_FILE_STORE=true` and `mlflow migrate-filestore` moves it to a server.
 *
 * @module
 */

import type { Store } from "../store.ts";
import { artifactFolder, readArtifacts, writeArtifacts } from "./artifacts.ts";
import { getOrCreateExperiment } from "./experiments.ts";
import { createLoggedModel, findLoggedModel } from "./logged_models.ts";
import { fileRegistry } from "./registry.ts";
import {
  addInput,
  createRun,
  findRun,
  findTagged,
  finishRun,
  logToRun,
  plainRun,
  reopenRun,
} from "./runs.ts";

export { fromFileUri, readArtifacts, writeArtifacts } from "./artifacts.ts";

/** The MLflow whose layout is written. */
export const FILE_LAYOUT_VERSION = "3.17.2";

/** A store in the folder `root`, an absolute path; nothing is made before something is written. */
export function openFileStore(root: string): Store {
  return {
    uri: root,
    mlflowVersion: FILE_LAYOUT_VERSION,
    experiment: (name) => getOrCreateExperiment(root, name),
    startRun: (run) => createRun(root, run),
    run: async (id) => plainRun(await findRun(root, id)),
    runsTagged: (experimentId, key, value) => findTagged(root, experimentId, key, value),
    resumeRun: (id) => reopenRun(root, id),
    log: (runId, data) => logToRun(root, runId, data),
    logInput: (runId, input) => addInput(root, runId, input),
    async logArtifacts(runId, artifacts) {
      const { artifactUri } = await findRun(root, runId);
      await writeArtifacts(root, await artifactFolder(root, artifactUri), artifacts);
    },
    logModel: (model) => createLoggedModel(root, model),
    loggedModel: (runId, name) => findLoggedModel(root, runId, name),
    endRun: (runId, status) => finishRun(root, runId, status),
    async downloadArtifacts(artifactUri) {
      return await readArtifacts(await artifactFolder(root, artifactUri));
    },
    ...fileRegistry(root),
  };
}
