/**
 * The model registry of an MLflow server.
 *
 * @module
 */

import { MAX_VERSION_TAG_LENGTH, wireTags } from "../log_batch.ts";
import { checkAlias, checkKey, checkModelName, checkStage, checkVersion } from "../names.ts";
import { aliasUnknown, modelUnknown, stageEmpty, versionUnknown } from "../store_errors.ts";
import type { ModelRegistry, ModelVersion, TrackingStore } from "../store.ts";
import {
  ANYTHING,
  DOWNLOAD_URI,
  MODEL_VERSION,
  MODEL_VERSIONS,
  REGISTERED_MODEL,
  REGISTERED_MODELS,
  type VersionAnswer,
} from "./answers.ts";
import { API, type Http } from "./http.ts";
import { readJson, refused } from "./http_errors.ts";
import { getLoggedModel } from "./logged_models.ts";
import type { Answer } from "./request.ts";
import { REQUEST_TAG } from "./request_tag.ts";

/** The registry on a server. */
export function serverRegistry(
  http: Http,
  tracking: Pick<TrackingStore, "loggedModel">,
): ModelRegistry {
  const get = (path: string, query: Readonly<Record<string, string>>, cannot: string) =>
    http.send({ method: "GET", path: `${API}/${path}?${new URLSearchParams(query)}`, cannot });

  /** The registered model. @throws {UsageError} `mlflow.model-unknown` */
  const registered = async (name: string) => {
    checkModelName(name);
    const cannot = `find the registered model "${name}"`;
    const answer = await get("registered-models/get", { name }, cannot);
    if (answer.status < 300) {
      return readJson(answer, REGISTERED_MODEL, http.baseUrl).registered_model;
    }
    if (!isMissing(answer)) throw refused(answer, http.baseUrl);
    const others = await get("registered-models/search", { max_results: "100" }, cannot);
    const names = others.status < 300
      ? readJson(others, REGISTERED_MODELS, http.baseUrl).registered_models.map((each) => each.name)
      : [];
    throw modelUnknown(name, http.baseUrl, names);
  };

  /** All versions, highest first. */
  const all = async (name: string, most = Infinity): Promise<ModelVersion[]> => {
    const found: ModelVersion[] = [];
    for (let page_token = "";;) {
      const page = readJson(
        expectFound(
          await get("model-versions/search", {
            filter: `name='${name.replaceAll("'", "\\'")}'`,
            max_results: "200",
            order_by: "version_number DESC",
            ...(page_token === "" ? {} : { page_token }),
          }, `list the versions of the model "${name}"`),
          http,
        ),
        MODEL_VERSIONS,
        http.baseUrl,
      );
      found.push(...page.model_versions.map(toVersion));
      page_token = page.next_page_token;
      if (page_token === "" || found.length >= most) break;
    }
    return found.sort((a, b) => Number(b.version) - Number(a.version));
  };

  const newest = (name: string) => all(name, 1);

  const version = async (name: string, number: string): Promise<ModelVersion> => {
    checkModelName(name);
    checkVersion(name, number);
    const cannot = `find version ${number} of the model "${name}"`;
    const answer = await get("model-versions/get", { name, version: number }, cannot);
    if (answer.status < 300) {
      return toVersion(readJson(answer, MODEL_VERSION, http.baseUrl).model_version);
    }
    if (!isMissing(answer)) throw refused(answer, http.baseUrl);
    await registered(name);
    throw versionUnknown(name, number, (await newest(name)).map((each) => each.version));
  };

  const findAlias = async (name: string, alias: string): Promise<ModelVersion | undefined> => {
    checkModelName(name);
    checkAlias(alias);
    const cannot = `find the alias "${alias}" of the model "${name}"`;
    const answer = await get("registered-models/alias", { name, alias }, cannot);
    if (answer.status < 300) {
      return toVersion(readJson(answer, MODEL_VERSION, http.baseUrl).model_version);
    }
    // A missing alias is INVALID_PARAMETER_VALUE to a server, though the name was checked above.
    if (isMissing(answer) || answer.errorCode === "INVALID_PARAMETER_VALUE") return undefined;
    throw refused(answer, http.baseUrl);
  };

  /** Changes a version; only a refusal makes us look whether there is one, and what there is. */
  const change = async (
    name: string,
    number: string,
    path: string,
    body: Readonly<Record<string, unknown>>,
    cannot: string,
  ): Promise<void> => {
    checkModelName(name);
    checkVersion(name, number);
    const answer = await http.send({
      method: "POST",
      path: `${API}/${path}`,
      body: { name, version: number, ...body },
      idempotent: true,
      cannot,
    });
    if (isMissing(answer)) await version(name, number);
    if (answer.status >= 300) throw refused(answer, http.baseUrl);
  };

  return {
    async register({ name, model, runId, tags = {}, description }) {
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
          find: async () => {
            const made = (await newest(name)).find(({ tags }) => tags[REQUEST_TAG] === request);
            const cannot = `find the new version of the model "${name}"`;
            if (made !== undefined) {
              return await get("model-versions/get", { name, version: made.version }, cannot);
            }
            // Without the model it was refused, as that answer says.
            const parent = await get("registered-models/get", { name }, cannot);
            return isMissing(parent) ? parent : undefined;
          },
          cannot: `register a version of the model "${name}"`,
        });
      let answer = await create();
      if (isMissing(answer)) {
        await createIfNeeded(http, name);
        answer = await create();
      }
      const made = readJson(expectFound(answer, http), MODEL_VERSION, http.baseUrl);
      return toVersion(made.model_version);
    },
    version,
    async versions(name) {
      checkModelName(name);
      const found = await all(name);
      if (found.length === 0) await registered(name);
      return found;
    },
    async versionByAlias(name, alias) {
      const found = await findAlias(name, alias);
      if (found !== undefined) return found;
      const { aliases } = await registered(name);
      throw aliasUnknown(name, alias, aliases.map((each) => each.alias));
    },
    async versionByStage(name, stage) {
      checkModelName(name);
      const wanted = checkStage(stage);
      const cannot = `find a version of the model "${name}" in stage ${wanted}`;
      const query = { name, stages: wanted };
      const answer = await get("registered-models/get-latest-versions", query, cannot);
      if (isMissing(answer)) await registered(name);
      const { model_versions: [found] } = readJson(
        expectFound(answer, http),
        MODEL_VERSIONS,
        http.baseUrl,
      );
      if (found !== undefined) return toVersion(found);
      const known = await newest(name);
      throw stageEmpty(name, wanted, known.map((each) => `${each.version} ${each.stage}`));
    },
    async latestVersion(name) {
      checkModelName(name);
      const [found] = await newest(name);
      if (found !== undefined) return found;
      await registered(name);
      throw versionUnknown(name, "latest", []);
    },
    findAlias,
    async setAlias(name, alias, number) {
      checkAlias(alias, true);
      const cannot = `set the alias "${alias}" of the model "${name}"`;
      await change(name, number, "registered-models/alias", { alias }, cannot);
    },
    async setStage(name, number, stage) {
      const wanted = checkStage(stage);
      const archive_existing_versions = wanted === "Staging" || wanted === "Production";
      const body = { stage: wanted, archive_existing_versions };
      const cannot = `move version ${number} of the model "${name}" to stage ${wanted}`;
      await change(name, number, "model-versions/transition-stage", body, cannot);
    },
    async setVersionTags(name, number, tags) {
      const cannot = `tag version ${number} of the model "${name}"`;
      for (const pair of wireTags(tags, MAX_VERSION_TAG_LENGTH)) {
        await change(name, number, "model-versions/set-tag", { ...pair }, cannot);
      }
    },
    async deleteVersionTag(name, number, key) {
      checkKey("tag", key);
      checkModelName(name);
      checkVersion(name, number);
      await http.json({
        method: "DELETE",
        path: `${API}/model-versions/delete-tag`,
        body: { name, version: number, key },
        idempotent: true,
        cannot: `remove a tag of version ${number} of the model "${name}"`,
        afterStop: true,
      }, ANYTHING);
    },
    async deleteAlias(name, alias) {
      checkAlias(alias);
      if (await findAlias(name, alias) === undefined) return;
      await http.json({
        method: "DELETE",
        path: `${API}/registered-models/alias`,
        body: { name, alias },
        idempotent: true,
        cannot: `remove the alias "${alias}" of the model "${name}"`,
      }, ANYTHING);
    },
    async artifactUri({ name, version: number }) {
      const cannot = `find the files of version ${number} of the model "${name}"`;
      const query = { name, version: number };
      const answer = await get("model-versions/get-download-uri", query, cannot);
      const { artifact_uri: uri } = readJson(expectFound(answer, http), DOWNLOAD_URI, http.baseUrl);
      const logged = /^models:\/(m-[\w-]+)$/.exec(uri)?.[1];
      if (logged !== undefined) return (await getLoggedModel(http, logged)).artifact_uri;
      const [, run, path] = /^runs:\/([^/]+)\/(.+)$/.exec(uri) ?? [];
      if (run === undefined || path === undefined) return uri;
      return (await tracking.loggedModel(run, path)).artifactUri;
    },
  };
}

async function createIfNeeded(http: Http, name: string): Promise<void> {
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

function isMissing(answer: Answer): boolean {
  return answer.status === 404 && answer.errorCode === "RESOURCE_DOES_NOT_EXIST";
}

function expectFound(answer: Answer, http: Http): Answer {
  if (answer.status >= 300) throw refused(answer, http.baseUrl);
  return answer;
}

function toVersion(answer: VersionAnswer): ModelVersion {
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
