import type { ColumnKind } from "../lib/dataset/mod.ts";
import type { DatasetInput } from "../lib/mlflow/mod.ts";
import type { DataInput } from "./held_out.ts";

/** A dataset as MLflow shows it among a run's inputs. */
export function datasetInput({ context, name, dataset, digest, rows }: DataInput): DatasetInput {
  return {
    name,
    digest,
    ...sourceOf(dataset.uri),
    schema: {
      mlflow_colspec: dataset.fields.map(({ name, kind }) => ({
        type: COLSPEC[kind],
        name,
        required: false,
      })),
    },
    profile: { num_rows: rows, num_elements: rows * dataset.fields.length },
    context,
  };
}

/** As MLflow's own sources spell it (`mlflow/data/*_dataset_source.py`). */
function sourceOf(uri: string): Pick<DatasetInput, "sourceType" | "source"> {
  if (uri.startsWith("s3://")) return { sourceType: "s3", source: { uri } };
  if (uri.startsWith("https://")) return { sourceType: "http", source: { url: uri } };
  return { sourceType: "local", source: { uri } };
}

const COLSPEC: Readonly<Record<ColumnKind, string>> = {
  number: "double",
  boolean: "boolean",
  string: "string",
  timestamp: "datetime",
};
