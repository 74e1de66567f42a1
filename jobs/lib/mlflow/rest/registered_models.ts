/**
 * Registered models of an MLflow server.
 *
 * @module
 */

import { checkModelName } from "../names.ts";
import { modelUnknown } from "../store_errors.ts";
import { REGISTERED_MODEL, REGISTERED_MODELS, type RegisteredModelAnswer } from "./answers.ts";
import { API, type Http } from "./http.ts";
import { accepted, isMissing, readJson, refused } from "./http_errors.ts";
import type { Answer } from "./request.ts";

/** Asks the registry. */
export function askRegistry(
  http: Http,
  path: string,
  query: Readonly<Record<string, string>>,
  cannot: string,
): Promise<Answer> {
  return http.send({ method: "GET", path: `${API}/${path}?${new URLSearchParams(query)}`, cannot });
}

/** The registered model. @throws {UsageError} `mlflow.model-unknown`, with the names that there are */
export async function getRegisteredModel(http: Http, name: string): Promise<RegisteredModelAnswer> {
  checkModelName(name);
  const cannot = `find the registered model "${name}"`;
  const answer = await askRegistry(http, "registered-models/get", { name }, cannot);
  if (!isMissing(answer)) {
    return readJson(accepted(answer, http.baseUrl), REGISTERED_MODEL, http.baseUrl)
      .registered_model;
  }
  const query = { max_results: "100" };
  const others = await askRegistry(http, "registered-models/search", query, cannot);
  const names = others.status < 300
    ? readJson(others, REGISTERED_MODELS, http.baseUrl).registered_models.map((each) => each.name)
    : [];
  throw modelUnknown(name, http.baseUrl, names);
}

/** Makes a registered model, if there is none of that name. */
export async function createRegisteredModel(http: Http, name: string): Promise<void> {
  const answer = await http.send({
    method: "POST",
    path: `${API}/registered-models/create`,
    body: { name },
    idempotent: true,
    cannot: `create the registered model "${name}"`,
  });
  if (answer.status >= 300 && answer.errorCode !== "RESOURCE_ALREADY_EXISTS") {
    throw refused(answer, http.baseUrl);
  }
}
