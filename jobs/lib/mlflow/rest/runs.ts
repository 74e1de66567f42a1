/**
 * Runs of an MLflow server.
 *
 * @module
 */

import { wireTags } from "../log_batch.ts";
import { checkKey, checkRunId } from "../names.ts";
import { runUnknown } from "../store_errors.ts";
import type { DatasetInput, Run, RunStatus, TrackingStore } from "../store.ts";
import { ANYTHING, RUN, type RunAnswer } from "./answers.ts";
import { API, type Http } from "./http.ts";
import { accepted, readJson } from "./http_errors.ts";
import { REQUEST_TAG } from "./request_tag.ts";
import { findRunOf, searchRuns } from "./run_search.ts";

/** A run as the server has it. @throws {UsageError} `mlflow.run-unknown` */
export async function getRun(http: Http, id: string): Promise<RunAnswer> {
  checkRunId(id);
  const answer = await http.send({
    method: "GET",
    path: `${API}/runs/get?run_id=${id}`,
    cannot: `find the run "${id}"`,
  });
  if (answer.status === 404 && answer.errorCode !== undefined) throw runUnknown(id, http.baseUrl);
  return readJson(accepted(answer, http.baseUrl), RUN, http.baseUrl).run;
}

/** See {@linkcode TrackingStore.startRun}. */
export async function createRun(
  http: Http,
  { experimentId, name, tags }: Parameters<TrackingStore["startRun"]>[0],
): Promise<Run> {
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
  return toRun(run);
}

/** See {@linkcode TrackingStore.runsTagged}. */
export async function runsTagged(
  http: Http,
  experimentId: string,
  key: string,
  value: string,
): Promise<Run[]> {
  checkKey("tag", key);
  const found = await searchRuns(http, experimentId, key, value, "find the MLflow runs");
  return found.map(toRun);
}

/** See {@linkcode TrackingStore.resumeRun}. */
export async function resumeRun(http: Http, id: string): Promise<Run> {
  const run = await getRun(http, id);
  await updateRun(http, id, { status: "RUNNING" }, "resume the MLflow run");
  return { ...toRun(run), status: "RUNNING" };
}

/** See {@linkcode TrackingStore.endRun}. */
export async function endRun(http: Http, id: string, status: RunStatus): Promise<void> {
  await updateRun(http, id, { status, end_time: Date.now() }, "end the MLflow run");
}

/** See {@linkcode TrackingStore.logInput}. */
export async function logInput(http: Http, runId: string, input: DatasetInput): Promise<void> {
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
          source: text(input.source),
          schema: text(input.schema),
          profile: text(input.profile),
        },
      }],
    },
    idempotent: true,
    cannot: `log the dataset "${input.name}" to the MLflow run`,
  }, ANYTHING);
}

/** A run as we have it. */
export function toRun({ info }: RunAnswer): Run {
  return {
    id: info.run_id,
    experimentId: info.experiment_id,
    name: info.run_name,
    artifactUri: info.artifact_uri,
    status: toStatus(info.status),
  };
}

async function updateRun(
  http: Http,
  id: string,
  changes: Readonly<Record<string, unknown>>,
  cannot: string,
): Promise<void> {
  await http.json({
    method: "POST",
    path: `${API}/runs/update`,
    body: { run_id: id, ...changes },
    idempotent: true,
    cannot,
    afterStop: true,
  }, ANYTHING);
}

function toStatus(status: string): RunStatus {
  return status === "FINISHED" || status === "FAILED" || status === "KILLED" ? status : "RUNNING";
}
