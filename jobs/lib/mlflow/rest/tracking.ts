/**
 * Runs and logged models of an MLflow server
 * (https://mlflow.org/docs/latest/api_reference/rest-api.html), 2.16 and later.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { stampModelId } from "../bundle/mlmodel.ts";
import { logBatches, type WirePair } from "../log_batch.ts";
import { checkExperimentName, checkKey, checkLoggedModelName, checkRunId } from "../names.ts";
import { paramChanged, unlogged } from "../store_errors.ts";
import type { LoggedModel, Run, RunStatus, TrackingStore } from "../store.ts";
import {
  ANYTHING,
  EXPERIMENT,
  EXPERIMENT_ID,
  LOGGED_MODEL,
  type LoggedModelInfo,
  RUN,
} from "./answers.ts";
import type { ArtifactAccess } from "./artifacts.ts";
import { type Answer, type Http, readJson, refused } from "./http.ts";
import { modelJson } from "./model_json.ts";

const API = "/api/2.0/mlflow";

/** Most params that one call about a logged model takes. */
const MODEL_PARAMS = 100;

/** Tracking on a server. */
export function serverTracking(
  http: Http,
  artifacts: ArtifactAccess,
): Omit<TrackingStore, "uri" | "mlflowVersion"> {
  const getRun = async (id: string) => {
    checkRunId(id);
    const answer = await http.send({
      method: "GET",
      path: `${API}/runs/get?run_id=${id}`,
      cannot: `find the run "${id}"`,
    });
    if (answer.status === 404 && answer.errorCode !== undefined) {
      throw runUnknown(id, http.baseUrl);
    }
    if (answer.status >= 300) throw refused(answer, http.baseUrl);
    return readJson(answer, RUN, http.baseUrl).run;
  };

  const log: TrackingStore["log"] = async (runId, data) => {
    for (const batch of logBatches(data)) {
      const answer = await http.send({
        method: "POST",
        path: `${API}/runs/log-batch`,
        body: { run_id: runId, ...batch },
        idempotent: true,
        cannot: `log to the run ${runId}`,
      });
      if (answer.errorMessage.startsWith("Changing param values")) {
        throw paramChanged(runId, answer.errorMessage);
      }
      if (answer.status >= 300 && !isLogged(answer)) throw refused(answer, http.baseUrl);
    }
  };

  const logModelInRun = async (model: ToLog): Promise<LoggedModel> => {
    const artifactUri = `${model.run.artifactUri}/${model.name}`;
    await artifacts.upload(artifactUri, model.files);
    await http.json({
      method: "POST",
      path: `${API}/runs/log-model`,
      body: { run_id: model.run.id, model_json: modelJson(model.files, model.name) },
      cannot: "log the model to the MLflow run",
    }, ANYTHING);
    await log(model.run.id, { metrics: model.metrics ?? [] });
    return { name: model.name, source: artifactUri, artifactUri };
  };

  return {
    experiment: (name) => getOrCreateExperiment(http, name),
    async startRun({ experimentId, name, tags }) {
      for (const key of Object.keys(tags)) checkKey("tag", key);
      const { run } = await http.json({
        method: "POST",
        path: `${API}/runs/create`,
        body: {
          experiment_id: experimentId,
          run_name: name,
          user_id: tags["mlflow.user"] ?? "",
          start_time: Date.now(),
          tags: [],
        },
        cannot: "start an MLflow run",
      }, RUN);
      await log(run.info.run_id, { tags });
      return toRun(run.info);
    },
    run: async (id) => toRun((await getRun(id)).info),
    log,
    async logInput(runId, input) {
      const text = (value: object | undefined) =>
        value === undefined ? undefined : JSON.stringify(value);
      await http.json({
        method: "POST",
        path: `${API}/runs/log-inputs`,
        body: {
          run_id: runId,
          datasets: [{
            tags: [{ key: "mlflow.data.context", value: input.context }],
            dataset: {
              name: input.name,
              digest: input.digest,
              source_type: input.sourceType,
              source: JSON.stringify(input.source),
              schema: text(input.schema),
              profile: text(input.profile),
            },
          }],
        },
        idempotent: true,
        cannot: `log the dataset "${input.name}" to the MLflow run`,
      }, ANYTHING);
    },
    async logArtifacts(runId, files) {
      await artifacts.upload((await getRun(runId)).info.artifact_uri, files);
    },
    async logModel(model) {
      checkLoggedModelName(model.name);
      const created = await createLoggedModel(http, model);
      if (created === undefined) return await logModelInRun(model);
      const { model_id: id, artifact_uri: artifactUri } = created;
      try {
        await artifacts.upload(artifactUri, stampModelId(model.files, id));
      } catch (error) {
        await finalize(http, id, "LOGGED_MODEL_UPLOAD_FAILED").catch(() => {});
        throw error;
      }
      await finalize(http, id, "LOGGED_MODEL_READY");
      await http.json({
        method: "POST",
        path: `${API}/runs/outputs`,
        body: { run_id: model.run.id, models: [{ model_id: id, step: 0 }] },
        idempotent: true,
        cannot: "link the logged model with its run",
      }, ANYTHING);
      await log(model.run.id, {
        metrics: (model.metrics ?? []).map((metric) => ({ ...metric, modelId: id })),
      });
      return { id, name: model.name, source: `models:/${id}`, artifactUri };
    },
    async loggedModel(runId, name) {
      const run = await getRun(runId);
      const models = [];
      for (const { model_id } of run.outputs.model_outputs) {
        const info = await getLoggedModel(http, model_id);
        if (info.name === name) models.push(info);
      }
      const newest = models.sort((a, b) => a.creation_timestamp_ms - b.creation_timestamp_ms).at(
        -1,
      );
      if (newest !== undefined) {
        const { model_id: id, artifact_uri: artifactUri } = newest;
        return { id, name, source: `models:/${id}`, artifactUri };
      }
      const artifactUri = `${run.info.artifact_uri}/${name}`;
      if (!await artifacts.has(artifactUri)) throw unlogged(runId, name);
      return { name, source: artifactUri, artifactUri };
    },
    async endRun(runId, status) {
      await http.json({
        method: "POST",
        path: `${API}/runs/update`,
        body: { run_id: runId, status, end_time: Date.now() },
        idempotent: true,
        cannot: "end the MLflow run",
      }, ANYTHING);
    },
    downloadArtifacts: (uri) => artifacts.download(uri),
  };
}

/** A logged model by its id. */
export async function getLoggedModel(http: Http, id: string): Promise<LoggedModelInfo> {
  const { model } = await http.json({
    method: "GET",
    path: `${API}/logged-models/${encodeURIComponent(id)}`,
    cannot: `find the logged model ${id}`,
  }, LOGGED_MODEL);
  return model.info;
}

/**
 * True if a repetition is refused because the first try was acted on: a server takes the same metric
 * again, but (before 3.17, on SQL) not if it is NaN.
 */
function isLogged({ repeated, status, errorMessage }: Answer): boolean {
  return repeated && status === 400 && /(unique|duplicate)[^]*\bmetric/i.test(errorMessage);
}

type ToLog = Parameters<TrackingStore["logModel"]>[0];

async function getOrCreateExperiment(http: Http, name: string): Promise<string> {
  checkExperimentName(name);
  const cannot = `use the experiment "${name}"`;
  const find = async (): Promise<string | undefined> => {
    const answer = await http.send({
      method: "GET",
      path: `${API}/experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`,
      cannot,
    });
    if (answer.status === 404 && answer.errorCode === "RESOURCE_DOES_NOT_EXIST") return undefined;
    if (answer.status >= 300) throw refused(answer, http.baseUrl);
    const { experiment } = readJson(answer, EXPERIMENT, http.baseUrl);
    if (experiment.lifecycle_stage !== "deleted") return experiment.experiment_id;
    throw new UsageError({
      code: "mlflow.experiment-deleted",
      cannot,
      found: "it is deleted",
      todo: "Restore it with `mlflow experiments restore --experiment-id " +
        `${experiment.experiment_id}\`, or choose another name with --experiment-name`,
      place: { url: http.baseUrl },
    });
  };
  const known = await find();
  if (known !== undefined) return known;
  // A repeat finds the name taken by the first try, so this is idempotent.
  const answer = await http.send({
    method: "POST",
    path: `${API}/experiments/create`,
    body: { name },
    idempotent: true,
    cannot,
  });
  if (answer.status < 300) return readJson(answer, EXPERIMENT_ID, http.baseUrl).experiment_id;
  const madeMeanwhile = answer.errorCode === "RESOURCE_ALREADY_EXISTS" ? await find() : undefined;
  if (madeMeanwhile === undefined) throw refused(answer, http.baseUrl);
  return madeMeanwhile;
}

/** Undefined on MLflow 2, which has no logged models. */
async function createLoggedModel(
  http: Http,
  model: ToLog,
): Promise<LoggedModelInfo | undefined> {
  const params = pairs("param", model.params);
  const answer = await http.send({
    method: "POST",
    path: `${API}/logged-models`,
    body: {
      experiment_id: model.run.experimentId,
      name: model.name,
      source_run_id: model.run.id,
      params: params.slice(0, MODEL_PARAMS),
      tags: pairs("tag", model.tags),
    },
    cannot: `log the model "${model.name}"`,
  });
  if (answer.status === 404 && answer.errorCode === undefined) return undefined;
  if (answer.status >= 300) throw refused(answer, http.baseUrl);
  const { info } = readJson(answer, LOGGED_MODEL, http.baseUrl).model;
  for (let from = MODEL_PARAMS; from < params.length; from += MODEL_PARAMS) {
    await http.json({
      method: "POST",
      path: `${API}/logged-models/${info.model_id}/params`,
      body: { model_id: info.model_id, params: params.slice(from, from + MODEL_PARAMS) },
      idempotent: true,
      cannot: `log the params of the model "${model.name}"`,
    }, ANYTHING);
  }
  return info;
}

async function finalize(http: Http, id: string, status: string): Promise<void> {
  await http.json({
    method: "PATCH",
    path: `${API}/logged-models/${id}`,
    body: { model_id: id, status },
    idempotent: true,
    cannot: `mark the logged model ${id} as complete`,
  }, ANYTHING);
}

function pairs(of: "param" | "tag", values: Readonly<Record<string, string>> = {}): WirePair[] {
  return Object.entries(values).map(([key, value]) => {
    checkKey(of, key);
    return { key, value };
  });
}

function toRun(
  info: {
    run_id: string;
    experiment_id: string;
    run_name: string;
    artifact_uri: string;
    status: string;
  },
): Run {
  return {
    id: info.run_id,
    experimentId: info.experiment_id,
    name: info.run_name,
    artifactUri: info.artifact_uri,
    status: toStatus(info.status),
  };
}

function toStatus(status: string): RunStatus {
  return status === "FINISHED" || status === "FAILED" || status === "KILLED" ? status : "RUNNING";
}

function runUnknown(id: string, url: string): UsageError {
  return new UsageError({
    code: "mlflow.run-unknown",
    cannot: `find the run "${id}"`,
    found: `${url} has no such run`,
    todo: "Check the id and --tracking-uri",
    place: { url },
  });
}
