/**
 * Versions of registered models on an MLflow server.
 *
 * @module
 */

import { MAX_VERSION_TAG_LENGTH, wireTags } from "../log_batch.ts";
import { checkKey, checkModelName, checkVersion } from "../names.ts";
import { versionUnknown } from "../store_errors.ts";
import type { ModelVersion, VersionToRegister } from "../store.ts";
import { ANYTHING, MODEL_VERSION, MODEL_VERSIONS, type VersionAnswer } from "./answers.ts";
import { API, type Http } from "./http.ts";
import { accepted, isMissing, readJson } from "./http_errors.ts";
import { askRegistry, createRegisteredModel, getRegisteredModel } from "./registered_models.ts";
import type { Answer } from "./request.ts";
import { REQUEST_TAG } from "./request_tag.ts";

/** See {@linkcode ModelRegistry.register}. */
export async function createVersion(
  http: Http,
  { name, model, runId, tags = {}, description }: VersionToRegister,
): Promise<ModelVersion> {
  checkModelName(name);
  const request = crypto.randomUUID();
  const pairs = wireTags({ ...tags, [REQUEST_TAG]: request }, MAX_VERSION_TAG_LENGTH);
  const create = () =>
    http.send({
      method: "POST",
      path: `${API}/model-versions/create`,
      body: {
        name,
        source: model.source,
        run_id: runId,
        model_id: model.id,
        description,
        tags: pairs,
      },
      find: () => findVersionOf(http, name, request),
      cannot: `register a version of the model "${name}"`,
    });
  let answer = await create();
  if (isMissing(answer)) {
    await createRegisteredModel(http, name);
    answer = await create();
  }
  return readVersion(answer, http);
}

/** The version that a request made, as the answer that was lost. */
async function findVersionOf(
  http: Http,
  name: string,
  request: string,
): Promise<Answer | undefined> {
  const cannot = `find the new version of the model "${name}"`;
  const made = (await listVersions(http, name, 1)).find(({ tags }) =>
    tags[REQUEST_TAG] === request
  );
  if (made !== undefined) {
    return await askRegistry(http, "model-versions/get", { name, version: made.version }, cannot);
  }
  // Without the model it was refused, as that answer says.
  const parent = await askRegistry(http, "registered-models/get", { name }, cannot);
  return isMissing(parent) ? parent : undefined;
}

/** See {@linkcode ModelRegistry.version}. */
export async function getVersion(http: Http, name: string, number: string): Promise<ModelVersion> {
  checkModelName(name);
  checkVersion(name, number);
  const cannot = `find version ${number} of the model "${name}"`;
  const answer = await askRegistry(http, "model-versions/get", { name, version: number }, cannot);
  if (!isMissing(answer)) return readVersion(answer, http);
  await getRegisteredModel(http, name);
  const known = await listVersions(http, name, 1);
  throw versionUnknown(name, number, known.map(({ version }) => version));
}

/** See {@linkcode ModelRegistry.versions}. */
export async function allVersions(http: Http, name: string): Promise<ModelVersion[]> {
  checkModelName(name);
  const found = await listVersions(http, name);
  if (found.length === 0) await getRegisteredModel(http, name);
  return found;
}

/** See {@linkcode ModelRegistry.latestVersion}. */
export async function latestVersion(http: Http, name: string): Promise<ModelVersion> {
  checkModelName(name);
  const [found] = await listVersions(http, name, 1);
  if (found !== undefined) return found;
  await getRegisteredModel(http, name);
  throw versionUnknown(name, "latest", []);
}

/**
 * Versions of a model, highest first; none if there is no such model.
 *
 * @param enough pages are asked for until there are as many
 */
export async function listVersions(
  http: Http,
  name: string,
  enough = Infinity,
): Promise<ModelVersion[]> {
  const found: ModelVersion[] = [];
  const query = {
    filter: `name='${name.replaceAll("'", "\\'")}'`,
    max_results: "200",
    order_by: "version_number DESC",
  };
  const cannot = `list the versions of the model "${name}"`;
  for (let page_token = "";;) {
    const more = page_token === "" ? query : { ...query, page_token };
    const answer = await askRegistry(http, "model-versions/search", more, cannot);
    const page = readJson(accepted(answer, http.baseUrl), MODEL_VERSIONS, http.baseUrl);
    found.push(...page.model_versions.map(toVersion));
    page_token = page.next_page_token;
    if (page_token === "" || found.length >= enough) break;
  }
  return found.sort((a, b) => Number(b.version) - Number(a.version));
}

/** Changes a version; only a refusal makes us look whether there is one, and what there is. */
export async function changeVersion(
  http: Http,
  { name, version }: Pick<ModelVersion, "name" | "version">,
  path: string,
  body: Readonly<Record<string, unknown>>,
  cannot: string,
): Promise<void> {
  checkModelName(name);
  checkVersion(name, version);
  const answer = await http.send({
    method: "POST",
    path: `${API}/${path}`,
    body: { name, version, ...body },
    idempotent: true,
    cannot,
  });
  if (isMissing(answer)) await getVersion(http, name, version);
  accepted(answer, http.baseUrl);
}

/** See {@linkcode ModelRegistry.setVersionTags}. */
export async function setVersionTags(
  http: Http,
  name: string,
  version: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const cannot = `tag version ${version} of the model "${name}"`;
  for (const pair of wireTags(tags, MAX_VERSION_TAG_LENGTH)) {
    await changeVersion(http, { name, version }, "model-versions/set-tag", { ...pair }, cannot);
  }
}

/** See {@linkcode ModelRegistry.deleteVersionTag}. */
export async function deleteVersionTag(
  http: Http,
  name: string,
  version: string,
  key: string,
): Promise<void> {
  checkKey("tag", key);
  checkModelName(name);
  checkVersion(name, version);
  await http.json({
    method: "DELETE",
    path: `${API}/model-versions/delete-tag`,
    body: { name, version, key },
    idempotent: true,
    cannot: `remove a tag of version ${version} of the model "${name}"`,
    afterStop: true,
  }, ANYTHING);
}

/** The version that an answer has. @throws {DependencyError} `mlflow.refused` */
export function readVersion(answer: Answer, { baseUrl }: Http): ModelVersion {
  return toVersion(readJson(accepted(answer, baseUrl), MODEL_VERSION, baseUrl).model_version);
}

/** A version as we have it. */
export function toVersion(answer: VersionAnswer): ModelVersion {
  return {
    name: answer.name,
    version: answer.version,
    runId: answer.run_id,
    source: answer.source,
    stage: answer.current_stage,
    aliases: answer.aliases,
    tags: Object.fromEntries(answer.tags.map(({ key, value }) => [key, value])),
  };
}
