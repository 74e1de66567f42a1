/**
 * Versions of registered models in the file store: `models/<name>/version-N/`.
 *
 * @module
 */

import { join } from "node:path";
import { MAX_VERSION_TAG_LENGTH, wireTags } from "../log_batch.ts";
import { checkKey, checkModelName, checkVersion } from "../names.ts";
import { modelUnknown, versionUnknown } from "../store_errors.ts";
import type { ModelVersion, VersionToRegister } from "../store.ts";
import { readMeta, renderMeta } from "../yaml.ts";
import {
  createFolder,
  exists,
  listNames,
  listTree,
  locked,
  readText,
  removeFile,
  writeFile,
} from "./disk.ts";
import { changeMeta } from "./meta.ts";

const DELETED = "Deleted_Internal";

/** Folder of a registered model. */
export function modelFolder(root: string, name: string): string {
  return join(root, "models", name);
}

/** As {@linkcode modelFolder}, of a model that there is. @throws {UsageError} `mlflow.model-unknown` */
export async function knownModel(root: string, name: string): Promise<string> {
  checkModelName(name);
  const folder = modelFolder(root, name);
  if (await exists(join(folder, "meta.yaml"))) return folder;
  throw modelUnknown(name, root, await listNames(join(root, "models"), "folders"));
}

/** See {@linkcode ModelRegistry.register}. */
export async function createVersion(
  root: string,
  { name, model, runId, tags = {}, description }: VersionToRegister,
): Promise<ModelVersion> {
  checkModelName(name);
  const files = wireTags(tags, MAX_VERSION_TAG_LENGTH)
    .map(({ key, value }) => ({ path: `tags/${key}`, content: value }));
  const now = Date.now();
  await createModel(root, name, now);
  const parent = modelFolder(root, name);
  // The folder is renamed into place whole, so a number belongs to who gets there first.
  for (let number = (await versionNumbers(parent)).at(-1) ?? 0;;) {
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
    const folder = join(parent, `version-${number}`);
    if (await createFolder(root, folder, [{ path: "meta.yaml", content: meta }, ...files])) {
      await touchModel(root, name);
      return await getVersion(root, name, String(number));
    }
  }
}

/** Makes a registered model, if there is none of that name. */
async function createModel(root: string, name: string, now: number): Promise<void> {
  const meta = renderMeta({
    aliases: {},
    creation_timestamp: now,
    description: null,
    last_updated_timestamp: now,
    name,
  });
  await createFolder(root, modelFolder(root, name), [{ path: "meta.yaml", content: meta }]);
}

/** All versions, lowest first. @throws {UsageError} `mlflow.model-unknown` */
export async function listVersions(root: string, name: string): Promise<ModelVersion[]> {
  const folder = await knownModel(root, name);
  const numbers = await versionNumbers(folder);
  const all = await Promise.all(numbers.map((number) => readVersion(folder, number)));
  return all.filter((version) => version !== undefined);
}

/** See {@linkcode ModelRegistry.version}. */
export async function getVersion(
  root: string,
  name: string,
  number: string,
): Promise<ModelVersion> {
  const folder = await knownModel(root, name);
  checkVersion(name, number);
  const found = await readVersion(folder, Number(number));
  if (found !== undefined) return found;
  const known = await listVersions(root, name);
  throw versionUnknown(name, number, known.map(({ version }) => version));
}

/** See {@linkcode ModelRegistry.latestVersion}. */
export async function latestVersion(root: string, name: string): Promise<ModelVersion> {
  const found = (await listVersions(root, name)).at(-1);
  if (found !== undefined) return found;
  throw versionUnknown(name, "latest", []);
}

/** See {@linkcode ModelRegistry.setVersionTags}. */
export async function setVersionTags(
  root: string,
  name: string,
  number: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const { version } = await getVersion(root, name, number);
  const folder = join(versionFolder(root, name, version), "tags");
  for (const { key, value } of wireTags(tags, MAX_VERSION_TAG_LENGTH)) {
    await writeFile(root, join(folder, key), value);
  }
  await touchModel(root, name);
}

/** See {@linkcode ModelRegistry.deleteVersionTag}. */
export async function deleteVersionTag(
  root: string,
  name: string,
  number: string,
  key: string,
): Promise<void> {
  checkKey("tag", key);
  const { version } = await getVersion(root, name, number);
  await removeFile(join(versionFolder(root, name, version), "tags", key));
  await touchModel(root, name);
}

/** Folder of a version. */
export function versionFolder(root: string, name: string, version: string): string {
  return join(modelFolder(root, name), `version-${version}`);
}

/** Notes that something of a model has changed. */
export async function touchModel(root: string, name: string): Promise<void> {
  const path = join(modelFolder(root, name), "meta.yaml");
  await locked(root, () => changeMeta(root, path, { last_updated_timestamp: Date.now() }));
}

/** A version of the model in a folder; undefined if there is none, or it is deleted. */
export async function readVersion(
  folder: string,
  number: number,
): Promise<ModelVersion | undefined> {
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

/** Numbers of all versions, deleted ones too, ascending. */
async function versionNumbers(folder: string): Promise<number[]> {
  return (await listNames(folder, "folders"))
    .map((entry) => Number(/^version-(\d{1,9})$/.exec(entry)?.[1] ?? NaN))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b);
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
