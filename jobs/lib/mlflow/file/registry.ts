/**
 * The registry of the file store: `models/<name>/meta.yaml`, `version-N/`, `aliases/<alias>`.
 *
 * @module
 */

import { join } from "node:path";
import { MAX_VERSION_TAG_LENGTH, wireTags } from "../log_batch.ts";
import { checkAlias, checkKey, checkModelName, checkStage, checkVersion } from "../names.ts";
import { aliasUnknown, modelUnknown, stageEmpty, versionUnknown } from "../store_errors.ts";
import type { ModelRegistry, ModelVersion } from "../store.ts";
import {
  createFolder,
  exists,
  listNames,
  listTree,
  locked,
  readText,
  removeFile,
  takeLock,
  writeFile,
} from "./disk.ts";
import { loggedModelUri } from "./logged_models.ts";
import { readMeta, renderMeta, updateMeta } from "../yaml.ts";

const DELETED = "Deleted_Internal";

/** The registry below a root. */
export function fileRegistry(root: string): ModelRegistry {
  const models = join(root, "models");
  const folderOf = (name: string) => join(models, name);

  /** @throws {UsageError} `mlflow.model-unknown` */
  const known = async (name: string): Promise<string> => {
    checkModelName(name);
    const folder = folderOf(name);
    if (await exists(join(folder, "meta.yaml"))) return folder;
    throw modelUnknown(name, root, await listNames(models, "folders"));
  };

  const versions = async (name: string): Promise<ModelVersion[]> => {
    const folder = await known(name);
    const numbers = await versionNumbers(folder);
    const all = await Promise.all(numbers.map((number) => readVersion(folder, number)));
    return all.filter((version) => version !== undefined);
  };

  const version = async (name: string, number: string): Promise<ModelVersion> => {
    const folder = await known(name);
    checkVersion(name, number);
    const found = await readVersion(folder, Number(number));
    if (found !== undefined) return found;
    throw versionUnknown(name, number, (await versions(name)).map((each) => each.version));
  };

  const touch = async (name: string): Promise<void> => {
    await locked(
      root,
      () => change(root, join(folderOf(name), "meta.yaml"), { last_updated_timestamp: Date.now() }),
    );
  };

  const findAlias = async (name: string, alias: string): Promise<ModelVersion | undefined> => {
    checkModelName(name);
    checkAlias(alias);
    const number = await readText(join(folderOf(name), "aliases", alias));
    return number === undefined ? undefined : await readVersion(folderOf(name), Number(number));
  };

  const moveToStage = async (found: ModelVersion, stage: string): Promise<void> => {
    await change(root, join(folderOf(found.name), `version-${found.version}`, "meta.yaml"), {
      current_stage: stage,
      last_updated_timestamp: Date.now(),
    });
  };

  return {
    async register({ name, model, runId, tags = {}, description }) {
      checkModelName(name);
      const files = wireTags(tags, MAX_VERSION_TAG_LENGTH)
        .map(({ key, value }) => ({ path: `tags/${key}`, content: value }));
      const now = Date.now();
      await createFolder(root, folderOf(name), [{
        path: "meta.yaml",
        content: renderMeta({
          aliases: {},
          creation_timestamp: now,
          description: null,
          last_updated_timestamp: now,
          name,
        }),
      }]);
      // The folder is renamed into place whole, so a number belongs to who gets there first.
      for (let number = (await versionNumbers(folderOf(name))).at(-1) ?? 0;;) {
        number++;
        const meta = renderMeta({
          creation_timestamp: now,
          current_stage: "None",
          description: description ?? null,
          last_updated_timestamp: now,
          model_id: model.id ?? null,
          name,
          run_id: runId,
          run_link: null,
          source: model.source,
          status: "READY",
          status_message: null,
          storage_location: model.artifactUri,
          user_id: null,
          version: number,
        });
        const folder = join(folderOf(name), `version-${number}`);
        if (await createFolder(root, folder, [{ path: "meta.yaml", content: meta }, ...files])) {
          await touch(name);
          return await version(name, String(number));
        }
      }
    },
    version,
    versions: async (name) => (await versions(name)).reverse(),
    async versionByAlias(name, alias) {
      await known(name);
      const found = await findAlias(name, alias);
      if (found !== undefined) return found;
      throw aliasUnknown(name, alias, await listNames(join(folderOf(name), "aliases"), "files"));
    },
    async versionByStage(name, stage) {
      const wanted = checkStage(stage);
      const all = await versions(name);
      const found = all.findLast((each) => each.stage === wanted);
      if (found !== undefined) return found;
      throw stageEmpty(name, wanted, all.map((each) => `${each.version} ${each.stage}`));
    },
    async latestVersion(name) {
      const found = (await versions(name)).at(-1);
      if (found !== undefined) return found;
      throw versionUnknown(name, "latest", []);
    },
    findAlias,
    async setAlias(name, alias, number) {
      checkAlias(alias, true);
      await version(name, number);
      await writeFile(root, join(folderOf(name), "aliases", alias), number);
      await touch(name);
    },
    async setStage(name, number, stage) {
      const wanted = checkStage(stage);
      const moved = await version(name, number);
      await locked(root, async () => {
        if (wanted === "Staging" || wanted === "Production") {
          for (const other of await versions(name)) {
            const leaves = other.version !== number && other.stage === wanted;
            if (leaves) await moveToStage(other, "Archived");
          }
        }
        await moveToStage(moved, wanted);
      });
      await touch(name);
    },
    async setVersionTags(name, number, tags) {
      const { version: known } = await version(name, number);
      for (const { key, value } of wireTags(tags, MAX_VERSION_TAG_LENGTH)) {
        await writeFile(root, join(folderOf(name), `version-${known}`, "tags", key), value);
      }
      await touch(name);
    },
    async deleteVersionTag(name, number, key) {
      checkKey("tag", key);
      const { version: known } = await version(name, number);
      await removeFile(join(folderOf(name), `version-${known}`, "tags", key));
      await touch(name);
    },
    async deleteAlias(name, alias) {
      checkAlias(alias);
      await known(name);
      await removeFile(join(folderOf(name), "aliases", alias));
      await touch(name);
    },
    lock(name) {
      checkModelName(name);
      return takeLock(root, `turn-${name}`);
    },
    async artifactUri({ name, version: number, source }) {
      const meta = await readText(join(await known(name), `version-${number}`, "meta.yaml"));
      const stored = readMeta(meta ?? "{}")["storage_location"] ?? source;
      const logged = /^models:\/(m-[\w-]+)$/.exec(stored)?.[1];
      return logged === undefined ? stored : await loggedModelUri(root, logged);
    },
  };
}

/** Numbers of all versions, deleted ones too, ascending. */
async function versionNumbers(folder: string): Promise<number[]> {
  return (await listNames(folder, "folders"))
    .map((entry) => Number(/^version-(\d{1,9})$/.exec(entry)?.[1] ?? NaN))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b);
}

async function readVersion(folder: string, number: number): Promise<ModelVersion | undefined> {
  const path = join(folder, `version-${number}`);
  const text = await readText(join(path, "meta.yaml"));
  if (text === undefined) return undefined;
  const meta = readMeta(text);
  if (meta["current_stage"] === DELETED) return undefined;
  return {
    name: meta["name"] ?? "",
    version: String(number),
    runId: meta["run_id"] ?? "",
    source: meta["source"] ?? "",
    stage: meta["current_stage"] ?? "None",
    aliases: await aliasesOf(folder, number),
    tags: await readTags(join(path, "tags")),
  };
}

async function aliasesOf(folder: string, number: number): Promise<string[]> {
  const aliases: string[] = [];
  for (const alias of await listNames(join(folder, "aliases"), "files")) {
    if (await readText(join(folder, "aliases", alias)) === String(number)) aliases.push(alias);
  }
  return aliases;
}

async function readTags(folder: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (const key of await listTree(folder)) tags[key] = await readText(join(folder, key)) ?? "";
  return tags;
}

async function change(
  root: string,
  path: string,
  changes: Parameters<typeof updateMeta>[1],
): Promise<void> {
  await writeFile(root, path, updateMeta(await readText(path) ?? "", changes));
}
