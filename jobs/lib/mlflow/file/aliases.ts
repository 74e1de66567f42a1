/**
 * Aliases of registered models in the file store: `models/<name>/aliases/<alias>`.
 *
 * @module
 */

import { join } from "node:path";
import { checkAlias, checkModelName } from "../names.ts";
import { aliasUnknown } from "../store_errors.ts";
import type { ModelVersion } from "../store.ts";
import { listNames, readText, removeFile, writeFile } from "./disk.ts";
import { getVersion, knownModel, modelFolder, readVersion, touchModel } from "./versions.ts";

/** See {@linkcode ModelRegistry.findAlias}. */
export async function findAlias(
  root: string,
  name: string,
  alias: string,
): Promise<ModelVersion | undefined> {
  checkModelName(name);
  checkAlias(alias);
  const number = await readText(aliasFile(root, name, alias));
  if (number === undefined) return undefined;
  return await readVersion(modelFolder(root, name), Number(number));
}

/** See {@linkcode ModelRegistry.versionByAlias}. */
export async function versionByAlias(
  root: string,
  name: string,
  alias: string,
): Promise<ModelVersion> {
  const folder = await knownModel(root, name);
  const found = await findAlias(root, name, alias);
  if (found !== undefined) return found;
  throw aliasUnknown(name, alias, await listNames(join(folder, "aliases"), "files"));
}

/** See {@linkcode ModelRegistry.setAlias}. */
export async function setAlias(
  root: string,
  name: string,
  alias: string,
  version: string,
): Promise<void> {
  checkAlias(alias, true);
  await getVersion(root, name, version);
  await writeFile(root, aliasFile(root, name, alias), version);
  await touchModel(root, name);
}

/** See {@linkcode ModelRegistry.deleteAlias}. */
export async function deleteAlias(root: string, name: string, alias: string): Promise<void> {
  checkAlias(alias);
  await knownModel(root, name);
  await removeFile(aliasFile(root, name, alias));
  await touchModel(root, name);
}

function aliasFile(root: string, name: string, alias: string): string {
  return join(modelFolder(root, name), "aliases", alias);
}
