/**
 * The registry of the file store: `models/<name>/meta.yaml`, `version-N/`, `aliases/<alias>`.
 *
 * @module
 */

import { join } from "node:path";
import { checkModelName } from "../names.ts";
import type { ModelRegistry, ModelVersion } from "../store.ts";
import { readMeta } from "../yaml.ts";
import { deleteAlias, findAlias, setAlias, versionByAlias } from "./aliases.ts";
import { readText, takeLock } from "./disk.ts";
import { loggedModelUri } from "./logged_models.ts";
import { setStage, versionByStage } from "./stages.ts";
import {
  createVersion,
  deleteVersionTag,
  getVersion,
  knownModel,
  latestVersion,
  listVersions,
  setVersionTags,
} from "./versions.ts";

/** The registry below a root. */
export function fileRegistry(root: string): ModelRegistry {
  return {
    register: (version) => createVersion(root, version),
    version: (name, version) => getVersion(root, name, version),
    versions: async (name) => (await listVersions(root, name)).reverse(),
    latestVersion: (name) => latestVersion(root, name),
    versionByAlias: (name, alias) => versionByAlias(root, name, alias),
    versionByStage: (name, stage) => versionByStage(root, name, stage),
    findAlias: (name, alias) => findAlias(root, name, alias),
    setAlias: (name, alias, version) => setAlias(root, name, alias, version),
    deleteAlias: (name, alias) => deleteAlias(root, name, alias),
    setStage: (name, version, stage) => setStage(root, name, version, stage),
    setVersionTags: (name, version, tags) => setVersionTags(root, name, version, tags),
    deleteVersionTag: (name, version, key) => deleteVersionTag(root, name, version, key),
    artifactUri: (version) => artifactUriOf(root, version),
    lock(name) {
      checkModelName(name);
      return takeLock(root, `turn-${name}`);
    },
  };
}

/** See {@linkcode ModelRegistry.artifactUri}. */
async function artifactUriOf(
  root: string,
  { name, version, source }: ModelVersion,
): Promise<string> {
  const meta = await readText(
    join(await knownModel(root, name), `version-${version}`, "meta.yaml"),
  );
  const stored = readMeta(meta ?? "{}")["storage_location"] ?? source;
  const logged = /^models:\/(m-[\w-]+)$/.exec(stored)?.[1];
  return logged === undefined ? stored : await loggedModelUri(root, logged);
}
