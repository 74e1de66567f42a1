/**
 * What a training leaves in MLflow: one run, its logged model, a version in the registry.
 *
 * @module
 */

import type { Context } from "../lib/command.ts";
import type { Values } from "../lib/config.ts";
import { type Dataset, matrixColumns } from "../lib/dataset/mod.ts";
import { messageOf } from "../lib/errors.ts";
import type { EvaluationReport, GateVerdict } from "../lib/evaluation/mod.ts";
import { writeOnnx } from "../lib/forest/mod.ts";
import {
  type Artifact,
  bundleFiles,
  DIGEST_TAG,
  type LoggedModel,
  type Metric,
  modelDigest,
  type ModelVersion,
  type Run,
  type Store,
} from "../lib/mlflow/mod.ts";
import { VERSION } from "../lib/version.ts";
import { picturesOf } from "./pictures.ts";
import { datasetDigest } from "./digest.ts";
import type { PreparedData } from "./data.ts";
import type { FittedForest } from "./fit.ts";
import type { trainOptions } from "./options.ts";

/** The files of a model and what identifies them. */
export interface ModelBundle {
  readonly files: readonly Artifact[];
  /** SHA-256 of `model.onnx`, hexadecimal. */
  readonly digest: string;
}

/** A training's run in MLflow while it goes on. */
export interface TrainingRecord {
  readonly run: Run;
  /** Logs metrics, artifacts and the model. */
  log(fitted: FittedForest, report: EvaluationReport, bundle: ModelBundle): Promise<LoggedModel>;
  /** Makes the model a version with the alias `challenger`. */
  register(model: LoggedModel, digest: string): Promise<ModelVersion>;
  /** Writes down why a version did not become champion. */
  reject(version: ModelVersion, verdict: GateVerdict): Promise<void>;
  /** Ends the run well; its evaluation is replaced by one with a verdict, if there is one. */
  finish(evaluation?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Ends the run badly; never throws. */
  fail(stopped: boolean): Promise<void>;
}

/** Starts the run: experiment, parameters, data. */
export async function startRecord(
  store: Store,
  { values, printable, log }: Context<typeof trainOptions>,
  data: PreparedData,
): Promise<TrainingRecord> {
  const experimentId = await store.experiment(values.experimentName);
  const run = await store.startRun({
    experimentId,
    name: values.runName ?? Deno.env.get("TRAINING_JOB_NAME") ?? `${values.modelName}-${stamp()}`,
    tags: runTags(),
  });
  const json = (path: string, value: unknown): Artifact => ({
    path,
    bytes: new TextEncoder().encode(JSON.stringify(value, null, 2) + "\n"),
  });
  const fail = async (stopped: boolean) => {
    try {
      await store.endRun(run.id, stopped ? "KILLED" : "FAILED");
    } catch (error) {
      log.warn("the run could not be marked as failed", { run: run.id, reason: messageOf(error) });
    }
  };
  try {
    await store.log(run.id, { params: printable });
    for (const { context, dataset } of data.inputs) {
      await store.logInput(run.id, await datasetInput(dataset, context));
    }
  } catch (error) {
    await fail(false);
    throw error;
  }
  return {
    run,
    log: async (fitted, report, bundle) => {
      const timestamp = Date.now();
      const metrics: Metric[] = Object.entries({
        ...report.metrics,
        train_seconds: fitted.seconds,
        ...(fitted.outOfBag === undefined ? {} : { oob_score: fitted.outOfBag.score }),
      }).map(([key, value]) => ({ key, value, timestamp, step: 0 }));
      await store.log(run.id, { metrics: [...metrics, ...outOfBagCurve(fitted, timestamp)] });
      await store.logArtifacts(run.id, [
        json("evaluation.json", report),
        json("data_report.json", data.report),
        json("feature_importance.json", importances(fitted, data)),
        ...picturesOf(fitted, data),
      ]);
      return await store.logModel({
        run,
        name: "model",
        files: bundle.files,
        params: printable,
        metrics,
        tags: { [DIGEST_TAG]: bundle.digest },
      });
    },
    register: async (model, digest) => {
      const version = await store.register({
        name: values.modelName,
        model,
        runId: run.id,
        tags: { [DIGEST_TAG]: digest },
      });
      await store.setAlias(values.modelName, "challenger", version.version);
      return version;
    },
    reject: (version, verdict) =>
      store.setVersionTags(version.name, version.version, {
        promotion: "rejected",
        promotion_reason: verdict.reasons.join("; "),
      }),
    finish: async (evaluation) => {
      if (evaluation !== undefined) {
        await store.logArtifacts(run.id, [json("evaluation.json", evaluation)]);
      }
      await store.endRun(run.id, "FINISHED");
    },
    fail,
  };
}

/** Packs a forest into the bundle that MLflow keeps and the scorer reads. */
export function modelBundle(
  fitted: FittedForest,
  data: PreparedData,
  run: Run,
  values: Values<typeof trainOptions>,
  store: Store,
): ModelBundle {
  const onnx = writeOnnx(fitted.forest, data.encoding, {
    producer: "ml-pipelines",
    version: VERSION,
    engine: values.engine,
  });
  const missing = data.report.columns.filter((column) => column.missing > 0);
  const files = bundleFiles({
    onnx,
    schema: data.schema,
    inputExample: data.example,
    missing: new Set(missing.map((column) => column.name)),
    run: { id: run.id, modelName: values.modelName },
    createdAt: new Date(),
    mlflowVersion: store.mlflowVersion,
  });
  return { files, digest: modelDigest(onnx) };
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

function importances(fitted: FittedForest, data: PreparedData) {
  return matrixColumns(data.schema)
    .map(({ name }, index) => ({ feature: name, importance: fitted.importances[index] ?? 0 }))
    .toSorted((a, b) => b.importance - a.importance);
}

async function datasetInput(dataset: Dataset, context: "training" | "evaluation") {
  return {
    name: dataset.uri.split("/").filter((part) => part !== "").at(-1) ?? "data",
    digest: await datasetDigest(dataset),
    sourceType: "local",
    source: { uri: dataset.uri },
    schema: {
      mlflow_colspec: dataset.fields.map(({ name, kind }) => ({
        type: COLSPEC[kind],
        name,
        required: false,
      })),
    },
    profile: { num_rows: dataset.rows, num_elements: dataset.rows * dataset.fields.length },
    context,
  };
}

const COLSPEC = { number: "double", boolean: "boolean", string: "string", timestamp: "datetime" };

function runTags(): Record<string, string> {
  const tags = {
    "mlflow.user": Deno.env.get("USER"),
    "mlflow.source.name": "training train",
    "mlflow.source.type": "JOB",
    "mlflow.source.git.commit": Deno.env.get("ML_GIT_COMMIT"),
    "sagemaker.training_job_name": Deno.env.get("TRAINING_JOB_NAME"),
    "sagemaker.training_job_arn": Deno.env.get("TRAINING_JOB_ARN"),
  };
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => value ? [[key, value]] : []),
  );
}

function stamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(":", "");
}
