/**
 * Which names MLflow takes, checked before anything is written or sent. The rules are those of
 * `mlflow/utils/validation.py`, and the same for a server and for the file store, where names become
 * paths.
 *
 * @module
 */

import { UsageError } from "../errors.ts";

/** Longest key of a param, metric or tag. */
const MAX_KEY_LENGTH = 250;

/** The stages of MLflow's registry. */
export const STAGES = ["None", "Staging", "Production", "Archived"] as const;

/** One of {@linkcode STAGES}. */
export type Stage = typeof STAGES[number];

const RUN_ID = /^[a-zA-Z0-9][\w-]{0,255}$/;
const KEY = /^[/\p{L}\p{N}_.\- :]+$/u;
const NOT_IN_KEYS = /[^/\p{L}\p{N}_.\- :]/gu;
const ALIAS = /^[\w-]{1,255}$/;
const RESERVED_ALIAS = /^(latest|v\d+)$/i;
/** Control characters, halves of surrogate pairs, and the byte order mark. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\ufeff]/u;

/** @throws {UsageError} `mlflow.name-invalid` */
export function checkKey(of: "param" | "metric" | "tag", key: string): void {
  if (KEY.test(key) && isPlainPath(key) && key.length <= MAX_KEY_LENGTH) return;
  throw invalid(
    `log the ${of} "${shown(key)}"`,
    `a ${of}'s key has 1 to ${MAX_KEY_LENGTH} letters, digits, spaces or _ - . : /, ` +
      "and no empty, . or .. part between slashes",
  );
}

/** The nearest key that {@linkcode checkKey} takes; for keys made of column or class names. */
export function toKey(text: string): string {
  const parts = text.replace(NOT_IN_KEYS, "_").split("/")
    .map((part) => /^\.{0,2}$/.test(part) ? "_".repeat(Math.max(1, part.length)) : part);
  return parts.join("/").slice(0, MAX_KEY_LENGTH).replace(/\/$/, "_");
}

/** @throws {UsageError} `mlflow.run-unknown` */
export function checkRunId(id: string): void {
  if (RUN_ID.test(id)) return;
  throw new UsageError({
    code: "mlflow.run-unknown",
    cannot: `find the run "${shown(id)}"`,
    found: "that is not the id of an MLflow run",
    todo: "Give the run's id (32 hexadecimal digits), not its name",
  });
}

/** Refuses what is no name of a registered model. @throws {UsageError} `mlflow.name-invalid` */
export function checkModelName(name: string): void {
  const fits = name.trim() !== "" && name.length <= MAX_KEY_LENGTH && !/[/\\:%]/.test(name);
  if (fits && isPlainPath(name) && !UNPRINTABLE.test(name)) return;
  throw invalid(
    `use "${shown(name)}" as the name of a registered model`,
    `a name has 1 to ${MAX_KEY_LENGTH} characters, none of them / \\ : % or a control character`,
  );
}

/** Name of a logged model, which is stricter. @throws {UsageError} `mlflow.name-invalid` */
export function checkLoggedModelName(name: string): void {
  if (name !== "" && name.length <= MAX_KEY_LENGTH && !/[/\\:.%"']/.test(name)) return;
  throw invalid(
    `log a model as "${shown(name)}"`,
    `a name has 1 to ${MAX_KEY_LENGTH} characters, none of them / \\ : . % " '`,
  );
}

/** Refuses what is no name of an experiment. @throws {UsageError} `mlflow.name-invalid` */
export function checkExperimentName(name: string): void {
  if (name.trim() !== "" && name.length <= 500 && !UNPRINTABLE.test(name)) return;
  throw invalid(
    `use "${shown(name)}" as the name of an experiment`,
    "a name has 1 to 500 characters without control characters",
  );
}

/** Set `writing` where an alias is set: then the reserved ones are refused too. */
export function checkAlias(alias: string, writing = false): void {
  if (ALIAS.test(alias) && !(writing && RESERVED_ALIAS.test(alias))) return;
  throw invalid(
    `use "${shown(alias)}" as an alias`,
    "an alias has letters, digits, _ and - only; latest and v1, v2 … are reserved",
  );
}

/** @throws {UsageError} `mlflow.version-unknown` */
export function checkVersion(name: string, version: string): void {
  if (/^[1-9]\d{0,8}$/.test(version)) return;
  throw new UsageError({
    code: "mlflow.version-unknown",
    cannot: `find version "${shown(version)}" of the model "${name}"`,
    found: "a version is a number from 1",
    todo: "Give the number that MLflow shows",
  });
}

/** The stage's own spelling, undefined if there is none of that name; case does not matter. */
export function findStage(stage: string): Stage | undefined {
  return STAGES.find((known) => known.toLowerCase() === stage.toLowerCase());
}

/** As {@linkcode findStage}. @throws {UsageError} `mlflow.name-invalid` */
export function checkStage(stage: string): Stage {
  const known = findStage(stage);
  if (known !== undefined) return known;
  throw invalid(`use "${shown(stage)}" as a stage`, `the stages are ${STAGES.join(", ")}`);
}

/** @throws {UsageError} `mlflow.name-invalid` */
export function checkArtifactPath(path: string): void {
  if (isPlainPath(path) && !path.includes("\\") && !UNPRINTABLE.test(path)) return;
  throw invalid(
    `log the artifact "${shown(path)}"`,
    "a path is relative, has / between its parts, and no empty, . or .. part",
  );
}

/** True for a relative path that stays below its root and is spelt in one way only. */
export function isPlainPath(path: string): boolean {
  return path.split("/").every((part) => !/^\.{0,2}$/.test(part));
}

function invalid(cannot: string, found: string): UsageError {
  return new UsageError({
    code: "mlflow.name-invalid",
    cannot,
    found,
    todo: "Choose another name",
  });
}

function shown(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(short).slice(1, -1);
}
