/**
 * Runs and logged models of an MLflow server
 * (https://mlflow.org/docs/latest/api_reference/rest-api.html), 2.16 and later.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import type { ArtifactAccess } from "../artifacts/access.ts";
import { stampModelId } from "../bundle/mlmodel.ts";
import { type LogBatch, logBatches, wireTags } from "../log_batch.ts";
import { checkKey, checkLoggedModelName, checkRunId } from "../names.ts";
import { paramChanged, unlogged } from "../store_errors.ts";
import type { LoggedModel, Run, RunStatus, TrackingStore } from "../store.ts";
import { ANYTHING, RUN } from "./answers.ts";
import { getOrCreateExperiment } from "./experiments.ts";
import { API, type Http } from "./http.ts";
import { readJson, refused } from "./http_errors.ts";
import {
  createLoggedModel,
  finalizeLoggedModel,
  getLoggedModel,
  linkModel,
  type ModelToLog,
} from "./logged_models.ts";
import { modelJson } from "./model_json.ts";
import type { Answer } from "./request.ts";
import { REQUEST_TAG } from "./request_tag.ts";
import { findRunOf, searchRuns } from "./run_search.ts";

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

  /** Where a run keeps its artifacts; it never moves. */
  const artifactRoot = async (runId: string): Promise<string> => {
    const root = roots.get(runId) ?? (await getRun(runId)).info.artifact_uri;
    roots.set(runId, root);
    return root;
  };
  const roots = new Map<string, string>();

  const send = (runId: string, batch: LogBatch): Promise<Answer> =>
    http.send({
      method: "POST",
      path: `${API}/runs/log-batch`,
      body: { run_id: runId, ...batch },
      idempotent: true,
      cannot: `log to the run ${runId}`,
    });

  const log: TrackingStore["log"] = async (runId, data) => {
    for (const batch of logBatches(data)) {
      for (let left = [batch]; left.length > 0;) {
        const [next = batch, ...others] = left;
        const answer = await send(runId, next);
        left = others;
        if (answer.status < 300 || isLogged(answer, next)) continue;
        if (answer.errorMessage.startsWith("Changing param values")) {
          throw paramChanged(runId, answer.errorMessage);
        }
        const parts = isDuplicate(answer) ? withoutNaN(next) : undefined;
        if (parts === undefined) throw refused(answer, http.baseUrl);
        left = [...parts, ...others];
      }
    }
  };

  const update = (run_id: string, changes: Readonly<Record<string, unknown>>, cannot: string) =>
    http.json({
      method: "POST",
      path: `${API}/runs/update`,
      body: { run_id, ...changes },
      idempotent: true,
      cannot,
      afterStop: true,
    }, ANYTHING);

  const logModelInRun = async (model: ModelToLog): Promise<LoggedModel> => {
    const artifactUri = `${model.run.artifactUri}/${model.name}`;
    await artifacts.upload(artifactUri, model.files);
    await http.json({
      method: "POST",
      path: `${API}/runs/log-model`,
      body: { run_id: model.run.id, model_json: modelJson(model.files, model.name) },
      // A second time it would only stand twice in the run's history of models.
      idempotent: true,
      cannot: "log the model to the MLflow run",
    }, ANYTHING);
    await log(model.run.id, { metrics: model.metrics ?? [] });
    return { name: model.name, source: artifactUri, artifactUri };
  };

  return {
    experiment: (name) => getOrCreateExperiment(http, name),
    async startRun({ experimentId, name, tags }) {
      const request = crypto.randomUUID();
      const { run } = await http.json({
        method: "POST",
        path: `${API}/runs/create`,
        body: {
          experiment_id: experimentId,
          run_name: name,
          user_id: tags["mlflow.user"] ?? "",
          start_time: Date.now(),
          tags: wireTags({ ...tags, [REQUEST_TAG]: request }),
        },
        find: () => findRunOf(http, experimentId, request),
        cannot: "start an MLflow run",
      }, RUN);
      roots.set(run.info.run_id, run.info.artifact_uri);
      return toRun(run.info);
    },
    run: async (id) => toRun((await getRun(id)).info),
    async runsTagged(experimentId, key, value) {
      checkKey("tag", key);
      const found = await searchRuns(http, experimentId, key, value, "find the MLflow runs");
      return found.map(({ info }) => toRun(info));
    },
    async resumeRun(id) {
      const { info } = await getRun(id);
      await update(id, { status: "RUNNING" }, "resume the MLflow run");
      return { ...toRun(info), status: "RUNNING" };
    },
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
      await artifacts.upload(await artifactRoot(runId), files);
    },
    async logModel(model) {
      checkLoggedModelName(model.name);
      const created = await createLoggedModel(http, model);
      if (created === undefined) return await logModelInRun(model);
      const { model_id: id, artifact_uri: artifactUri } = created;
      try {
        await artifacts.upload(artifactUri, stampModelId(model.files, id));
      } catch (error) {
        await finalizeLoggedModel(http, id, "LOGGED_MODEL_UPLOAD_FAILED").catch(() => {});
        throw error;
      }
      await finalizeLoggedModel(http, id, "LOGGED_MODEL_READY");
      await linkModel(http, model.run.id, id);
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
      await update(runId, { status, end_time: Date.now() }, "end the MLflow run");
    },
    downloadArtifacts: (uri) => artifacts.download(uri),
  };
}

/**
 * A server takes the same metric again, but (before 3.17, on SQL) not if it is NaN: then nothing of
 * the batch is logged.
 */
function isDuplicate({ status, errorMessage }: Answer): boolean {
  return status === 400 && /(unique|duplicate)[^]*\bmetric/i.test(errorMessage);
}

/** True if nothing but one NaN is refused, so that the server has it. */
function isLogged(answer: Answer, { params, metrics, tags }: LogBatch): boolean {
  const [only] = metrics;
  const isOne = params.length + metrics.length + tags.length === 1;
  return isDuplicate(answer) && isOne && only?.value === "NaN";
}

/** The batch in smaller ones, each NaN on its own; undefined if that is what it is already. */
function withoutNaN(batch: LogBatch): LogBatch[] | undefined {
  const missing = batch.metrics.filter(({ value }) => value === "NaN");
  if (missing.length === 0) return undefined;
  const metrics = batch.metrics.filter(({ value }) => value !== "NaN");
  const others = metrics.length + batch.params.length + batch.tags.length;
  if (others + missing.length === 1) return undefined;
  return [
    ...(others === 0 ? [] : [{ ...batch, metrics }]),
    ...missing.map((metric) => ({ params: [], metrics: [metric], tags: [] })),
  ];
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
