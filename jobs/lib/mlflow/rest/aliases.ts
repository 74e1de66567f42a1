/**
 * Aliases of an MLflow server's registry.
 *
 * @module
 */

import { checkAlias, checkModelName } from "../names.ts";
import { aliasUnknown } from "../store_errors.ts";
import type { ModelVersion } from "../store.ts";
import { ANYTHING } from "./answers.ts";
import { API, type Http } from "./http.ts";
import { isMissing } from "./http_errors.ts";
import { askRegistry, getRegisteredModel } from "./registered_models.ts";
import { changeVersion, readVersion } from "./versions.ts";

/** See {@linkcode ModelRegistry.findAlias}. */
export async function findAlias(
  http: Http,
  name: string,
  alias: string,
): Promise<ModelVersion | undefined> {
  checkModelName(name);
  checkAlias(alias);
  const cannot = `find the alias "${alias}" of the model "${name}"`;
  const answer = await askRegistry(http, "registered-models/alias", { name, alias }, cannot);
  // A missing alias is INVALID_PARAMETER_VALUE to a server, though the name was checked above.
  if (isMissing(answer) || answer.errorCode === "INVALID_PARAMETER_VALUE") return undefined;
  return readVersion(answer, http);
}

/** See {@linkcode ModelRegistry.versionByAlias}. */
export async function versionByAlias(
  http: Http,
  name: string,
  alias: string,
): Promise<ModelVersion> {
  const found = await findAlias(http, name, alias);
  if (found !== undefined) return found;
  const { aliases } = await getRegisteredModel(http, name);
  throw aliasUnknown(name, alias, aliases.map((each) => each.alias));
}

/** See {@linkcode ModelRegistry.setAlias}. */
export async function setAlias(
  http: Http,
  name: string,
  alias: string,
  version: string,
): Promise<void> {
  checkAlias(alias, true);
  const cannot = `set the alias "${alias}" of the model "${name}"`;
  await changeVersion(http, { name, version }, "registered-models/alias", { alias }, cannot);
}

/** See {@linkcode ModelRegistry.deleteAlias}. */
export async function deleteAlias(http: Http, name: string, alias: string): Promise<void> {
  if (await findAlias(http, name, alias) === undefined) return;
  await http.json({
    method: "DELETE",
    path: `${API}/registered-models/alias`,
    body: { name, alias },
    idempotent: true,
    cannot: `remove the alias "${alias}" of the model "${name}"`,
  }, ANYTHING);
}
