/**
 * What an evaluation leaves in MLflow: metrics of the model on its rows, and the files about it.
 *
 * @module
 */

import type { LoggedModel, Metric, Store } from "../lib/mlflow/mod.ts";
import { datasetInput } from "./dataset_input.ts";
import { EVALUATION_FILE } from "./evaluation_file.ts";
import type { DataInput } from "./held_out.ts";
import type { Measurement } from "./measure.ts";
import { jsonArtifact } from "./record.ts";

/** What is logged. */
export interface EvaluationToLog {
  readonly measurement: Measurement;
  readonly input: DataInput;
  /** The model in MLflow that was measured. */
  readonly model: LoggedModel;
  /** Content of `evaluation.json`. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** Logs an evaluation to a run. */
export async function logEvaluation(
  store: Store,
  runId: string,
  { measurement, input, model, content }: EvaluationToLog,
): Promise<void> {
  const timestamp = Date.now();
  const dataset = { name: input.name, digest: input.digest };
  await store.logInput(runId, datasetInput(input));
  const metrics = Object.entries(measurement.report.metrics).map(([key, value]): Metric => ({
    key,
    value,
    timestamp,
    step: 0,
    dataset,
    ...(model.id === undefined ? {} : { modelId: model.id }),
  }));
  await store.log(runId, { metrics });
  await logEvaluationFile(store, runId, content);
}

/** Logs `evaluation.json`, in the place of an earlier one. */
export async function logEvaluationFile(
  store: Store,
  runId: string,
  content: Readonly<Record<string, unknown>>,
): Promise<void> {
  await store.logArtifacts(runId, [jsonArtifact(EVALUATION_FILE, content)]);
}
