/**
 * Logged models of an MLflow 3 server.
 *
 * @module
 */

import { wireParams, wireTags } from "../log_batch.ts";
import type { ModelToLog } from "../store.ts";
import { ANYTHING, LOGGED_MODEL, LOGGED_MODELS, type LoggedModelInfo } from "./answers.ts";
import { API, type Http } from "./http.ts";
import { accepted, readJson, refused } from "./http_errors.ts";
import type { Answer } from "./request.ts";
import { REQUEST_TAG } from "./request_tag.ts";

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
  const request = crypto.randomUUID();
  const answer = await http.send({
    method: "POST",
    path: `${API}/logged-models`,
    body: {
      experiment_id: model.run.experimentId,
      name: model.name,
      source_run_id: model.run.id,
      params: params.slice(0, MODEL_PARAMS),
      tags: wireTags({ ...model.tags, [REQUEST_TAG]: request }),
    },
    find: () => findModelOf(http, model, request),
    cannot: `log the model "${model.name}"`,
  });
  if (answer.status === 404 && answer.errorCode === undefined) return undefined;
  const { info } = readJson(accepted(answer, http.baseUrl), LOGGED_MODEL, http.baseUrl).model;
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

/** The model that a request made, as the answer that was lost. */
async function findModelOf(
  http: Http,
  { run, name }: ModelToLog,
  request: string,
): Promise<Answer | undefined> {
  const cannot = `log the model "${name}"`;
  const found = await http.send({
    method: "POST",
    path: `${API}/logged-models/search`,
    body: { experiment_ids: [run.experimentId], filter: `source_run_id = '${run.id}'` },
    idempotent: true,
    cannot,
  });
  // MLflow 2, which has none, answers both in the same way.
  if (found.status >= 300) return found;
  const { models } = readJson(found, LOGGED_MODELS, http.baseUrl);
  const made = models.find(({ info }) =>
    info.tags.some(({ key, value }) => key === REQUEST_TAG && value === request)
  );
  if (made === undefined) return undefined;
  const path = `${API}/logged-models/${encodeURIComponent(made.info.model_id)}`;
  return await http.send({ method: "GET", path, cannot });
}

/** Says whether the files are there: `LOGGED_MODEL_READY`, `LOGGED_MODEL_UPLOAD_FAILED`. */
export async function finalizeLoggedModel(http: Http, id: string, status: string): Promise<void> {
  await http.json({
    method: "PATCH",
    path: `${API}/logged-models/${id}`,
    body: { model_id: id, status },
    idempotent: true,
    afterStop: status !== "LOGGED_MODEL_READY",
    cannot: `mark the logged model ${id} as complete`,
  }, ANYTHING);
}

/** Makes a logged model an output of its run. */
export async function linkModel(http: Http, runId: string, id: string): Promise<void> {
  const answer = await http.send({
    method: "POST",
    path: `${API}/runs/outputs`,
    body: { run_id: runId, models: [{ model_id: id, step: 0 }] },
    idempotent: true,
    cannot: "link the logged model with its run",
  });
  // A repetition is refused because the first try was acted on.
  const linked = answer.status === 400 && /(unique|duplicate)/i.test(answer.errorMessage);
  if (answer.status >= 300 && !linked) throw refused(answer, http.baseUrl);
}
