/**
 * Logged models of an MLflow 3 server.
 *
 * @module
 */

import { wireParams, wireTags } from "../log_batch.ts";
import type { TrackingStore } from "../store.ts";
import { ANYTHING, LOGGED_MODEL, type LoggedModelInfo } from "./answers.ts";
import { API, type Http } from "./http.ts";
import { readJson, refused } from "./http_errors.ts";

/** What {@linkcode TrackingStore.logModel} takes. */
export type ModelToLog = Parameters<TrackingStore["logModel"]>[0];

/** Most params that one call takes. */
const MODEL_PARAMS = 100;

/** A logged model by its id. */
export async function getLoggedModel(http: Http, id: string): Promise<LoggedModelInfo> {
  const { model } = await http.json({
    method: "GET",
    path: `${API}/logged-models/${encodeURIComponent(id)}`,
    cannot: `find the logged model ${id}`,
  }, LOGGED_MODEL);
  return model.info;
}

/** Makes a logged model without files; undefined on MLflow 2, which has none. */
export async function createLoggedModel(
  http: Http,
  model: ModelToLog,
): Promise<LoggedModelInfo | undefined> {
  const params = wireParams(model.params);
  const answer = await http.send({
    method: "POST",
    path: `${API}/logged-models`,
    body: {
      experiment_id: model.run.experimentId,
      name: model.name,
      source_run_id: model.run.id,
      params: params.slice(0, MODEL_PARAMS),
      tags: wireTags(model.tags),
    },
    cannot: `log the model "${model.name}"`,
  });
  if (answer.status === 404 && answer.errorCode === undefined) return undefined;
  if (answer.status >= 300) throw refused(answer, http.baseUrl);
  const { info } = readJson(answer, LOGGED_MODEL, http.baseUrl).model;
  for (let from = MODEL_PARAMS; from < params.length; from += MODEL_PARAMS) {
    await http.json({
      method: "POST",
      path: `${API}/logged-models/${info.model_id}/params`,
      body: { model_id: info.model_id, params: params.slice(from, from + MODEL_PARAMS) },
      idempotent: true,
      cannot: `log the params of the model "${model.name}"`,
    }, ANYTHING);
  }
  return info;
}

/** Says whether the files are there: `LOGGED_MODEL_READY`, `LOGGED_MODEL_UPLOAD_FAILED`. */
export async function finalizeLoggedModel(http: Http, id: string, status: string): Promise<void> {
  await http.json({
    method: "PATCH",
    path: `${API}/logged-models/${id}`,
    body: { model_id: id, status },
    idempotent: true,
    cannot: `mark the logged model ${id} as complete`,
  }, ANYTHING);
}
