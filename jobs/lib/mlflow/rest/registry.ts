/**
 * The model registry of an MLflow server.
 *
 * @module
 */

import type { ModelRegistry, ModelVersion, TrackingStore } from "../store.ts";
import { deleteAlias, findAlias, setAlias, versionByAlias } from "./aliases.ts";
import { DOWNLOAD_URI } from "./answers.ts";
import type { Http } from "./http.ts";
import { accepted, readJson } from "./http_errors.ts";
import { getLoggedModel } from "./logged_models.ts";
import { askRegistry } from "./registered_models.ts";
import { setStage, versionByStage } from "./stages.ts";
import {
  allVersions,
  createVersion,
  deleteVersionTag,
  getVersion,
  latestVersion,
  setVersionTags,
} from "./versions.ts";

/** The registry on a server. */
export function serverRegistry(
  http: Http,
  tracking: Pick<TrackingStore, "loggedModel">,
): ModelRegistry {
  return {
    register: (version) => createVersion(http, version),
    version: (name, version) => getVersion(http, name, version),
    versions: (name) => allVersions(http, name),
    latestVersion: (name) => latestVersion(http, name),
    versionByAlias: (name, alias) => versionByAlias(http, name, alias),
    versionByStage: (name, stage) => versionByStage(http, name, stage),
    findAlias: (name, alias) => findAlias(http, name, alias),
    setAlias: (name, alias, version) => setAlias(http, name, alias, version),
    deleteAlias: (name, alias) => deleteAlias(http, name, alias),
    setStage: (name, version, stage) => setStage(http, name, version, stage),
    setVersionTags: (name, version, tags) => setVersionTags(http, name, version, tags),
    deleteVersionTag: (name, version, key) => deleteVersionTag(http, name, version, key),
    artifactUri: (version) => artifactUriOf(http, tracking, version),
  };
}

/** See {@linkcode ModelRegistry.artifactUri}. The version's own source may be another URI. */
async function artifactUriOf(
  http: Http,
  tracking: Pick<TrackingStore, "loggedModel">,
  { name, version }: ModelVersion,
): Promise<string> {
  const cannot = `find the files of version ${version} of the model "${name}"`;
  const query = { name, version };
  const answer = await askRegistry(http, "model-versions/get-download-uri", query, cannot);
  const { artifact_uri: uri } = readJson(
    accepted(answer, http.baseUrl),
    DOWNLOAD_URI,
    http.baseUrl,
  );
  const logged = /^models:\/(m-[\w-]+)$/.exec(uri)?.[1];
  if (logged !== undefined) return (await getLoggedModel(http, logged)).artifact_uri;
  const [, run, path] = /^runs:\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (run === undefined || path === undefined) return uri;
  return (await tracking.loggedModel(run, path)).artifactUri;
}
