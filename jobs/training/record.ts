/**
 * What a training leaves in MLflow: one run, and its logged model.
 *
 * @module
 */

import type { Context } from "../lib/command.ts";
import type { TrainingFacts } from "../lib/evaluation/mod.ts";
import { writeOnnx } from "../lib/forest/mod.ts";
import {
  type Artifact,
  bundleFiles,
  DIGEST_TAG,
  type LoggedModel,
  type Metric,
  modelDigest,
  type Run,
  type Store,
} from "../lib/mlflow/mod.ts";
import { VERSION } from "../lib/version.ts";
import { jsonArtifact } from "./artifact.ts";
import type { PreparedData } from "./data.ts";
import { datasetInput } from "./dataset_input.ts";
import type { FittedForest } from "./fit.ts";
import type { DataInput } from "./held_out.ts";
import { predictionsOf } from "./baseline.ts";
import type { Measurement } from "./measure.ts";
import type { trainOptions } from "./options.ts";
import { picturesOf } from "./pictures.ts";
import { endBadly } from "./resumed_run.ts";
import type { RunLog } from "./run_log.ts";
import { JOB_ARN, runTags } from "./run_tags.ts";

/** The files of a model and what identifies them. */
export interface ModelBundle {
  readonly files: readonly Artifact[];
  /** SHA-256 of `model.onnx`, hexadecimal. */
  readonly digest: string;
}

/** A training's run in MLflow while it goes on. */
export interface TrainingRecord {
  readonly run: Run;
  /** Logs what only the training knows, and the model. */
  log(fitted: FittedForest, facts: TrainingFacts, bundle: ModelBundle): Promise<LoggedModel>;
  /** Ends the run well. */
  finish(): Promise<void>;
  /** Ends the run badly; never throws. */
  fail(error: unknown): Promise<void>;
}

/** Starts the run, or goes on with that of an interrupted job: experiment, parameters, data. */
export async function startRecord(
  store: Store,
  { values, printable, container, log, signal }: Context<typeof trainOptions>,
  data: PreparedData,
  runLog: RunLog,
): Promise<TrainingRecord> {
  const experimentId = await store.experiment(values.experimentName);
  const tags = await runTags("training train", container);
  const run = await begunBefore(store, experimentId, tags) ?? await store.startRun({
    experimentId,
    name: values.runName ?? Deno.env.get("TRAINING_JOB_NAME") ?? `${values.modelName}-${stamp()}`,
    tags,
  });
  const fail = (error: unknown) =>
    endBadly(store, run.id, error, {
      signal,
      log,
      logFile: (failure) => runLog.artifact(LOG_FILE, failure),
    });
  try {
    await store.log(run.id, { params: printable });
    await store.logInput(run.id, datasetInput(data.inputs.training));
  } catch (error) {
    await fail(error);
    throw error;
  }
  return {
    run,
    log: async (fitted, facts, bundle) => {
      const files = [
        jsonArtifact("data_report.json", data.report),
        jsonArtifact("feature_importance.json", facts.importances),
        ...picturesOf(fitted, data),
      ];
      const [model] = await Promise.all([
        logModel(store, run, { fitted, facts, bundle, input: data.inputs.training, printable }),
        store.logArtifacts(run.id, files),
      ]);
      return model;
    },
    finish: async () => {
      await store.logArtifacts(run.id, [runLog.artifact(LOG_FILE)]);
      await store.endRun(run.id, "FINISHED");
    },
    fail,
  };
}

/** Logs the model with what the training measured of it. */
async function logModel(
  store: Store,
  run: Run,
  { fitted, facts, bundle, input: { name, digest }, printable }: {
    readonly fitted: FittedForest;
    readonly facts: TrainingFacts;
    readonly bundle: ModelBundle;
    readonly input: DataInput;
    readonly printable: Readonly<Record<string, string>>;
  },
): Promise<LoggedModel> {
  const timestamp = Date.now();
  await store.log(run.id, { metrics: outOfBagCurve(fitted, timestamp) });
  const learnt = Object.entries(facts.metrics).map(([key, value]): Metric => (
    { key: `train_${key}`, value, timestamp, dataset: { name, digest } }
  ));
  return await store.logModel({
    run,
    name: MODEL_NAME,
    files: bundle.files,
    params: printable,
    metrics: [
      { key: "train_seconds", value: fitted.seconds, timestamp },
      ...(fitted.outOfBag === undefined
        ? []
        : [{ key: "oob_score", value: fitted.outOfBag.score, timestamp }]),
      ...learnt,
    ],
    tags: { [DIGEST_TAG]: bundle.digest },
  });
}

const LOG_FILE = "training.log";

/** Name that the model is logged as in its run. */
export const MODEL_NAME = "model";

/** Packs a forest into the bundle that MLflow keeps and the scorer reads. */
export function modelBundle(
  { forest }: FittedForest,
  data: PreparedData,
  run: Run,
  facts: TrainingFacts,
  { outputs }: Measurement,
  store: Store,
): ModelBundle {
  const { parameters } = facts;
  const onnx = writeOnnx(forest, data.encoding, {
    producer: "ml-pipelines",
    version: VERSION,
    engine: parameters["engine"] ?? "forest",
  });
  const missing = data.report.columns.filter((column) => column.missing > 0);
  const files = bundleFiles({
    onnx,
    schema: data.schema,
    inputExample: data.example,
    baseline: { ...data.baseline, predictions: predictionsOf(data.schema, outputs) },
    missing: new Set(missing.map((column) => column.name)),
    training: facts,
    run: { id: run.id, modelName: parameters["model_name"] ?? "model", heldOut: data.heldOutRows },
    createdAt: new Date(),
    mlflowVersion: store.mlflowVersion,
  });
  return { files, digest: modelDigest(onnx) };
}

/** The run of this very SageMaker job, which was interrupted and has been started again. */
async function begunBefore(
  store: Store,
  experimentId: string,
  tags: Readonly<Record<string, string>>,
): Promise<Run | undefined> {
  const arn = tags[JOB_ARN];
  if (arn === undefined) return undefined;
  const [earlier] = await store.runsTagged(experimentId, JOB_ARN, arn);
  return earlier && await store.resumeRun(earlier.id);
}

/** The out-of-bag score after each tree, as steps of one metric. */
function outOfBagCurve({ outOfBag }: FittedForest, timestamp: number): Metric[] {
  return Array.from(outOfBag?.curve ?? [], (value, index) => ({
    key: "oob_score_by_tree",
    value,
    timestamp,
    step: index + 1,
  }));
}

/** The time, for names. */
export function stamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(":", "");
}
