/**
 * The file `MLmodel`: how MLflow loads the model
 * (https://mlflow.org/docs/latest/ml/model/#model-configuration-mlmodel-file).
 *
 * @module
 */

import type { Artifact } from "../store.ts";
import { renderMeta, updateMeta } from "../yaml.ts";
import type { ColumnSpec } from "./signature.ts";

/** What an `MLmodel` says about one model. */
export interface MlmodelParts {
  /** Name of the Python module in `code/`, without `.py`. */
  readonly loader: string;
  readonly runId: string;
  readonly artifactPath: string;
  readonly mlflowVersion: string;
  readonly pythonVersion: string;
  readonly onnxVersion: string;
  /** 32 hexadecimal digits. */
  readonly uuid: string;
  readonly sizeBytes: number;
  readonly createdAt: Date;
  readonly hasExample: boolean;
  readonly inputs: readonly ColumnSpec[];
  readonly outputs: readonly ColumnSpec[];
}

/** The text of the file. */
export function renderMlmodel(parts: MlmodelParts): string {
  return renderMeta({
    artifact_path: parts.artifactPath,
    flavors: {
      onnx: {
        code: "code",
        data: "model.onnx",
        onnx_session_options: null,
        onnx_version: parts.onnxVersion,
        providers: ["CPUExecutionProvider"],
      },
      python_function: {
        code: "code",
        data: "model.onnx",
        env: { conda: "conda.yaml", virtualenv: "python_env.yaml" },
        loader_module: parts.loader,
        python_version: parts.pythonVersion,
        streamable: false,
      },
    },
    is_signature_from_type_hint: false,
    mlflow_version: parts.mlflowVersion,
    model_id: null,
    model_size_bytes: parts.sizeBytes,
    model_uuid: parts.uuid,
    prompts: null,
    run_id: parts.runId,
    ...(parts.hasExample ? { saved_input_example_info: EXAMPLE_INFO } : {}),
    signature: {
      inputs: JSON.stringify(parts.inputs),
      outputs: JSON.stringify(parts.outputs),
      params: null,
    },
    type_hint_from_example: false,
    utc_time_created: parts.createdAt.toISOString().replace("T", " ").replace("Z", "000"),
  });
}

/** The files with the id of the logged model in their `MLmodel`, as Python's `log_model` has it. */
export function stampModelId(files: readonly Artifact[], id: string): Artifact[] {
  return files.map((file) => {
    if (file.path !== "MLmodel") return file;
    const text = updateMeta(decoder.decode(file.bytes), { model_id: id });
    return { path: file.path, bytes: encoder.encode(text) };
  });
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const EXAMPLE_INFO = {
  artifact_path: "input_example.json",
  pandas_orient: "split",
  serving_input_path: "serving_input_example.json",
  type: "dataframe",
};
