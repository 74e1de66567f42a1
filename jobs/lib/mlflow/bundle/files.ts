/**
 * The files of a model bundle: the contract between training and inference, and an MLflow model.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Batch, FeatureSchema, SplitBy } from "../../dataset/mod.ts";
import loader from "../loader/frame_loader.py" with { type: "text" };
import type { Artifact } from "../store.ts";
import { modelDigest } from "./digest.ts";
import { environmentFiles, PYTHON_VERSION } from "./environment.ts";
import { toInputExample } from "./input_example.ts";
import { renderMlmodel } from "./mlmodel.ts";
import { inputColumns, outputColumns, type SignatureOptions } from "./signature.ts";

/** What a bundle is made of. */
export interface BundleParts {
  /** The model: the only copy of it. */
  readonly onnx: Uint8Array;
  /** What it takes from a row and what it predicts. */
  readonly schema: FeatureSchema;
  /** Rows of the training data; the first few become the input example. */
  readonly inputExample?: Batch;
  /** Columns that have missing values in the training data, for the signature. */
  readonly missing?: ReadonlySet<string>;
  /** Model Monitor's `statistics.json` and `constraints.json`. */
  readonly baseline?: {
    readonly statistics: unknown;
    readonly constraints: unknown;
    /** Statistics of the model's predictions on rows that were held out. */
    readonly predictions?: unknown;
  };
  /** What only the training knows, for those who tell of the model; `training.json`. */
  readonly training?: unknown;
  /** Where it comes from. */
  readonly run: {
    /** MLflow's id of the training run. */
    readonly id: string;
    /** Name the model is registered as. */
    readonly modelName?: string;
    /** Name the model is logged as in the run; `model` unless told. */
    readonly artifactPath?: string;
    /** See {@linkcode BundleRun.held_out}. */
    readonly heldOut?: HeldOutRows;
  };
  /** When it was trained. */
  readonly createdAt: Date;
  /** {@linkcode TrackingStore.mlflowVersion}; decides which types the signature may use. */
  readonly mlflowVersion?: string | undefined;
}

/** `run.json`: what the later steps of a pipeline resume from. */
export interface BundleRun {
  /** MLflow's id of the training run. */
  readonly run_id: string;
  /** SHA-256 of `model.onnx` in hexadecimal. */
  readonly model_digest: string;
  /** Name the model is registered as. */
  readonly model_name?: string;
  /** Which rows no tree has seen, so that every step measures on the same. */
  readonly held_out?: HeldOutRows;
}

/** Rows that were held out: a part of the training data, or a dataset of their own. */
export type HeldOutRows =
  & {
    /** Of the dataset that they are in; 32 hexadecimal digits. */
    readonly digest: string;
  }
  & ({
    /** The training data, divided by `splitRows`. */
    readonly from: "train";
    /** Share that was held out. */
    readonly fraction: number;
    /** Of the division. */
    readonly seed: number;
    /** What it goes by; by the classes unless told. */
    readonly by?: SplitBy;
    /** Column of groups or times. */
    readonly column?: string;
    /** Whether rows that break a strict rule of the baseline's constraints were put aside before. */
    readonly quarantined?: boolean;
  } | {
    /** All labelled rows of the test data. */
    readonly from: "test";
  });

/** All files of the bundle. The same parts give the same bytes. */
export function bundleFiles(parts: BundleParts): Artifact[] {
  const digest = modelDigest(parts.onnx);
  const module = loaderModule();
  const options: SignatureOptions = {
    ...(parts.missing === undefined ? {} : { missing: parts.missing }),
    mlflowVersion: parts.mlflowVersion,
  };
  const run: BundleRun = {
    run_id: parts.run.id,
    model_digest: digest,
    ...(parts.run.modelName === undefined ? {} : { model_name: parts.run.modelName }),
    ...(parts.run.heldOut === undefined ? {} : { held_out: parts.run.heldOut }),
  };
  const example = parts.inputExample && toInputExample(parts.inputExample, parts.schema);
  const texts: Record<string, string> = {
    MLmodel: renderMlmodel({
      loader: module,
      runId: parts.run.id,
      artifactPath: parts.run.artifactPath ?? "model",
      mlflowVersion: parts.mlflowVersion ?? NEWEST_MLFLOW,
      pythonVersion: PYTHON_VERSION,
      onnxVersion: ONNX_VERSION,
      uuid: digest.slice(0, 32),
      sizeBytes: parts.onnx.length,
      createdAt: parts.createdAt,
      hasExample: example !== undefined,
      inputs: inputColumns(parts.schema, options),
      outputs: outputColumns(parts.schema.target),
    }),
    ...environmentFiles(),
    ...(example === undefined ? {} : {
      "input_example.json": JSON.stringify(example),
      "serving_input_example.json": json({ dataframe_split: example }),
    }),
    "feature_schema.json": json(parts.schema),
    [`code/${module}.py`]: loader,
    ...(parts.baseline === undefined ? {} : {
      // Sketches are thousands of numbers: not one a line.
      "baseline/statistics.json": JSON.stringify(parts.baseline.statistics) + "\n",
      "baseline/constraints.json": json(parts.baseline.constraints),
      ...(parts.baseline.predictions === undefined ? {} : {
        "baseline/predictions.json": JSON.stringify(parts.baseline.predictions) + "\n",
      }),
    }),
    ...(parts.training === undefined ? {} : { "training.json": json(parts.training) }),
    "run.json": json(run),
  };
  return [
    { path: "model.onnx", bytes: parts.onnx },
    ...Object.entries(texts).map(([path, text]) => ({ path, bytes: encoder.encode(text) })),
  ];
}

const encoder = new TextEncoder();
const NEWEST_MLFLOW = "3.17.2";
/** The onnx release whose opset (17) and IR (8) the graph uses at most. */
const ONNX_VERSION = "1.15.0";

/** Named after its content: a process that loads two models never gets the loader of the other. */
function loaderModule(): string {
  return `frame_loader_${createHash("sha256").update(loader).digest("hex").slice(0, 8)}`;
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}
