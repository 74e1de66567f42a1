/**
 * Models of a run on an MLflow server: logged models on MLflow 3, folders of the run on MLflow 2.
 *
 * @module
 */

import type { ArtifactAccess } from "../artifacts/access.ts";
import { stampModelId } from "../bundle/mod.ts";
import { checkLoggedModelName } from "../names.ts";
import { unlogged } from "../store_errors.ts";
import type { LoggedModel, ModelToLog } from "../store.ts";
import { ANYTHING } from "./answers.ts";
import { API, type Http } from "./http.ts";
import { logData } from "./log.ts";
import {
  createLoggedModel,
  finalizeLoggedModel,
  getLoggedModel,
  linkModel,
} from "./logged_models.ts";
import { modelJson } from "./model_json.ts";
import { getRun } from "./runs.ts";

/** See {@linkcode TrackingStore.logModel}. */
export async function logModel(
  http: Http,
  artifacts: ArtifactAccess,
  model: ModelToLog,
): Promise<LoggedModel> {
  checkLoggedModelName(model.name);
  const created = await createLoggedModel(http, model);
  if (created === undefined) return await logModelInRun(http, artifacts, model);
  const { model_id: id, artifact_uri: artifactUri } = created;
  try {
    await artifacts.upload(artifactUri, stampModelId(model.files, id));
  } catch (error) {
    await finalizeLoggedModel(http, id, "LOGGED_MODEL_UPLOAD_FAILED").catch(() => {});
    throw error;
  }
  await finalizeLoggedModel(http, id, "LOGGED_MODEL_READY");
  await linkModel(http, model.run.id, id);
  await logData(http, model.run.id, {
    metrics: (model.metrics ?? []).map((metric) => ({ ...metric, modelId: id })),
  });
  return { id, name: model.name, source: `models:/${id}`, artifactUri };
}

/** See {@linkcode TrackingStore.loggedModel}. */
export async function findLoggedModel(
  http: Http,
  artifacts: ArtifactAccess,
  runId: string,
  name: string,
): Promise<LoggedModel> {
  const run = await getRun(http, runId);
  const models = [];
  for (const { model_id } of run.outputs.model_outputs) {
    const info = await getLoggedModel(http, model_id);
    if (info.name === name) models.push(info);
  }
  const [newest] = models.sort((a, b) => b.creation_timestamp_ms - a.creation_timestamp_ms);
  if (newest !== undefined) {
    const { model_id: id, artifact_uri: artifactUri } = newest;
    return { id, name, source: `models:/${id}`, artifactUri };
  }
  const artifactUri = `${run.info.artifact_uri}/${name}`;
  if (!await artifacts.has(artifactUri)) throw unlogged(runId, name);
  return { name, source: artifactUri, artifactUri };
}

async function logModelInRun(
  http: Http,
  artifacts: ArtifactAccess,
  { run, name, files, metrics = [] }: ModelToLog,
): Promise<LoggedModel> {
  const artifactUri = `${run.artifactUri}/${name}`;
  await artifacts.upload(artifactUri, files);
  await http.json({
    method: "POST",
    path: `${API}/runs/log-model`,
    body: { run_id: run.id, model_json: modelJson(files, name) },
    // A second time it would only stand twice in the run's history of models.
    idempotent: true,
    cannot: "log the model to the MLflow run",
  }, ANYTHING);
  await logData(http, run.id, { metrics });
  return { name, source: artifactUri, artifactUri };
}
