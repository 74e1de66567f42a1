/**
 * Logged models of the file store: `<experiment>/models/m-…/` with `meta.yaml`, params, metrics, tags
 * and the bundle in `artifacts/`.
 *
 * @module
 */

import { join } from "node:path";
import { DataError } from "../../errors.ts";
import { stampModelId } from "../bundle/mod.ts";
import { wireParams, wireTags } from "../log_batch.ts";
import { checkArtifactPath, checkLoggedModelName } from "../names.ts";
import { unlogged } from "../store_errors.ts";
import type { LoggedModel, ModelToLog } from "../store.ts";
import { toFileUri } from "./artifacts.ts";
import { createFolder, listNames, readText } from "./disk.ts";
import { artifactHome, listExperiments } from "./experiments.ts";
import { findRun, logToRun } from "./runs.ts";
import { readMeta, renderMeta } from "../yaml.ts";

/** `LoggedModelStatus` READY of `mlflow/entities/logged_model_status.py`. */
const READY = 2;

/** See {@linkcode TrackingStore.logModel}. The model appears with all its files in one step. */
export async function createLoggedModel(root: string, model: ModelToLog): Promise<LoggedModel> {
  checkLoggedModelName(model.name);
  for (const { path } of model.files) checkArtifactPath(path);
  const run = await findRun(root, model.run.id);
  const id = `m-${crypto.randomUUID().replaceAll("-", "")}`;
  const folder = join(run.experiment.folder, "models", id);
  const artifactUri = toFileUri(
    join(await artifactHome(run.experiment), "models", id, "artifacts"),
  );
  const now = Date.now();
  const meta = renderMeta({
    artifact_location: artifactUri,
    creation_timestamp: now,
    experiment_id: run.experimentId,
    last_updated_timestamp: now,
    model_id: id,
    model_type: null,
    name: model.name,
    source_run_id: run.id,
    status: READY,
    status_message: null,
  });
  await createFolder(root, folder, [
    { path: "meta.yaml", content: meta },
    ...wireParams(model.params).map(({ key, value }) => ({
      path: `params/${key}`,
      content: value,
    })),
    ...wireTags(model.tags).map(({ key, value }) => ({ path: `tags/${key}`, content: value })),
    ...stampModelId(model.files, id)
      .map(({ path, bytes }) => ({ path: `artifacts/${path}`, content: bytes })),
  ], ["metrics", "params"]);
  await linkOutput(root, run.folder, id);
  await logToRun(root, run.id, {
    metrics: (model.metrics ?? []).map((metric) => ({ ...metric, modelId: id })),
  });
  return { id, name: model.name, source: `models:/${id}`, artifactUri };
}

/** See {@linkcode TrackingStore.loggedModel}; a model that MLflow 2 put into the run counts too. */
export async function findLoggedModel(
  root: string,
  runId: string,
  name: string,
): Promise<LoggedModel> {
  const run = await findRun(root, runId);
  let newest: { time: number; model: LoggedModel } | undefined;
  for (const id of await listNames(join(run.folder, "outputs"), "folders")) {
    const text = await readText(join(run.experiment.folder, "models", id, "meta.yaml"));
    const meta = readMeta(text ?? "{}");
    const time = Number(meta["creation_timestamp"] ?? 0);
    if (meta["name"] !== name || (newest !== undefined && newest.time > time)) continue;
    const artifactUri = meta["artifact_location"] ??
      toFileUri(join(run.experiment.folder, "models", id, "artifacts"));
    newest = { time, model: { id, name, source: `models:/${id}`, artifactUri } };
  }
  if (newest !== undefined) return newest.model;
  const inRun = await listNames(join(run.folder, "artifacts", name), "files");
  if (inRun.length === 0) throw unlogged(runId, name);
  const artifactUri = `${run.artifactUri}/${name}`;
  return { name, source: artifactUri, artifactUri };
}

/** Where the files of a logged model are. @throws {DataError} `mlflow.artifacts-missing` */
export async function loggedModelUri(root: string, id: string): Promise<string> {
  for (const experiment of await listExperiments(root)) {
    const folder = join(experiment.folder, "models", id);
    const text = await readText(join(folder, "meta.yaml"));
    if (text === undefined) continue;
    return readMeta(text)["artifact_location"] ?? toFileUri(join(folder, "artifacts"));
  }
  throw new DataError({
    code: "mlflow.artifacts-missing",
    cannot: `find the files of the logged model ${id}`,
    found: `the file store ${root} has no such model`,
    todo: "Register the model again",
    place: { file: root },
  });
}

async function linkOutput(root: string, runFolder: string, id: string): Promise<void> {
  await createFolder(root, join(runFolder, "outputs", id), [{
    path: "meta.yaml",
    content: renderMeta({
      destination_id: id,
      destination_type: "MODEL_OUTPUT",
      source_id: id,
      source_type: "RUN_OUTPUT",
      step: 0,
      tags: {},
    }),
  }]);
}
