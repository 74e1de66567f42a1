/**
 * Params, metrics and tags of a run on an MLflow server.
 *
 * @module
 */

import { type LogBatch, logBatches } from "../log_batch.ts";
import { paramChanged } from "../store_errors.ts";
import type { RunData } from "../store.ts";
import { API, type Http } from "./http.ts";
import { refused } from "./http_errors.ts";
import type { Answer } from "./request.ts";

/** See {@linkcode TrackingStore.log}. */
export async function logData(http: Http, runId: string, data: RunData): Promise<void> {
  for (const batch of logBatches(data)) await logBatch(http, runId, batch);
}

/** Logs a batch; in parts, where the server has some of it and refuses it for that. */
async function logBatch(http: Http, runId: string, batch: LogBatch): Promise<void> {
  const answer = await http.send({
    method: "POST",
    path: `${API}/runs/log-batch`,
    body: { run_id: runId, ...batch },
    idempotent: true,
    cannot: `log to the run ${runId}`,
  });
  if (answer.status < 300 || isLogged(answer, batch)) return;
  if (answer.errorMessage.startsWith("Changing param values")) {
    throw paramChanged(runId, answer.errorMessage);
  }
  const parts = isDuplicate(answer) ? withoutNaN(batch) : undefined;
  if (parts === undefined) throw refused(answer, http.baseUrl);
  for (const part of parts) await logBatch(http, runId, part);
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
