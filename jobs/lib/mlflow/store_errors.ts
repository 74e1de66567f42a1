/**
 * What is said where a model, version, alias or stage is missing or a param changes; the same from
 * every backend.
 *
 * @module
 */

import { UsageError } from "../errors.ts";

/** @param known Names of the registered models, if they are at hand. */
export function modelUnknown(name: string, uri: string, known: readonly string[]): UsageError {
  return new UsageError({
    code: "mlflow.model-unknown",
    cannot: `find the registered model "${name}"`,
    found: known.length === 0
      ? `${uri} has no registered model of that name`
      : `${uri} has ${list(known)}`,
    todo: "Check the model's name and --tracking-uri, or train the model first",
    place: { url: uri },
  });
}

/** @param known The versions there are. */
export function versionUnknown(
  name: string,
  version: string,
  known: readonly string[],
): UsageError {
  return new UsageError({
    code: "mlflow.version-unknown",
    cannot: `find version ${version} of the model "${name}"`,
    found: known.length === 0 ? "it has no versions" : `its versions are ${list(known)}`,
    todo: "Choose one of its versions, or train the model first",
  });
}

/** @param known The aliases there are. */
export function aliasUnknown(name: string, alias: string, known: readonly string[]): UsageError {
  return new UsageError({
    code: "mlflow.alias-unknown",
    cannot: `find the alias "${alias}" of the model "${name}"`,
    found: known.length === 0 ? "it has no aliases" : `its aliases are ${list(known)}`,
    todo: `Use one of its aliases or a version, as in models:/${name}/1`,
  });
}

/** @param known Versions with their stage, `3 Production`. */
export function stageEmpty(name: string, stage: string, known: readonly string[]): UsageError {
  return new UsageError({
    code: "mlflow.stage-empty",
    cannot: `find a version of the model "${name}" in stage ${stage}`,
    found: known.length === 0 ? "no version is in that stage" : `its versions are ${list(known)}`,
    todo: `Move a version there, or use an alias or a version, as in models:/${name}/1`,
  });
}

/** @param uri The store that has no such run. */
export function runUnknown(id: string, uri: string): UsageError {
  return new UsageError({
    code: "mlflow.run-unknown",
    cannot: `find the run "${id}"`,
    found: `${uri} has no such run`,
    todo: "Check the id and --tracking-uri",
    place: { url: uri },
  });
}

/** An experiment is never revived silently: somebody deleted it. */
export function experimentDeleted(name: string, id: string, uri: string): UsageError {
  return new UsageError({
    code: "mlflow.experiment-deleted",
    cannot: `use the experiment "${name}"`,
    found: "it is deleted",
    todo: `Restore it with \`mlflow experiments restore --experiment-id ${id}\`, or choose ` +
      "another name with --experiment-name",
    place: { url: uri },
  });
}

/** What is said where a run has no model of that name. */
export function unlogged(runId: string, name: string): UsageError {
  return new UsageError({
    code: "mlflow.model-unlogged",
    cannot: `find the model "${name}" of run ${runId}`,
    found: "the run has logged none of that name",
    todo: "Check the name; the platform logs its models as runs:/<run>/model",
  });
}

/** @param found Which param, its value and the new one. */
export function paramChanged(runId: string, found: string): UsageError {
  return new UsageError({
    code: "mlflow.param-changed",
    cannot: `log to the run ${runId}`,
    found,
    todo: "MLflow's params never change: start a new run",
  });
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 20).join(", ");
  return items.length > 20 ? `${shown}, …` : shown;
}
