/**
 * Stages of an MLflow server's registry.
 *
 * @module
 */

import { checkModelName, checkStage } from "../names.ts";
import { stageEmpty } from "../store_errors.ts";
import type { ModelVersion } from "../store.ts";
import { MODEL_VERSIONS } from "./answers.ts";
import type { Http } from "./http.ts";
import { accepted, isMissing, readJson } from "./http_errors.ts";
import { askRegistry, getRegisteredModel } from "./registered_models.ts";
import { changeVersion, listVersions, toVersion } from "./versions.ts";

/** See {@linkcode ModelRegistry.versionByStage}. */
export async function versionByStage(
  http: Http,
  name: string,
  stage: string,
): Promise<ModelVersion> {
  checkModelName(name);
  const wanted = checkStage(stage);
  const cannot = `find a version of the model "${name}" in stage ${wanted}`;
  const query = { name, stages: wanted };
  const answer = await askRegistry(http, "registered-models/get-latest-versions", query, cannot);
  if (isMissing(answer)) await getRegisteredModel(http, name);
  const page = readJson(accepted(answer, http.baseUrl), MODEL_VERSIONS, http.baseUrl);
  const [found] = page.model_versions;
  if (found !== undefined) return toVersion(found);
  const known = await listVersions(http, name, 1);
  throw stageEmpty(name, wanted, known.map((each) => `${each.version} ${each.stage}`));
}

/** See {@linkcode ModelRegistry.setStage}. */
export async function setStage(
  http: Http,
  name: string,
  version: string,
  stage: string,
): Promise<void> {
  const wanted = checkStage(stage);
  const archive_existing_versions = wanted === "Staging" || wanted === "Production";
  const body = { stage: wanted, archive_existing_versions };
  const cannot = `move version ${version} of the model "${name}" to stage ${wanted}`;
  await changeVersion(http, { name, version }, "model-versions/transition-stage", body, cannot);
}
