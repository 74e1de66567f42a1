/**
 * The model's signature: a column specification per raw column, so that MLflow shows what the model
 * takes and enforces it. MLflow's enforcement (`_enforce_mlflow_datatype` of
 * `mlflow/models/utils.py`) is stricter than our loader, so the types are chosen such that every frame
 * that pandas reads from a file with the training data's types passes.
 *
 * @module
 */

import type { Feature, FeatureSchema, Target } from "../../dataset/mod.ts";

/** A column as MLflow's JSON has it. */
export interface ColumnSpec {
  readonly type: "boolean" | "long" | "float" | "double" | "string" | "datetime" | "any";
  readonly name: string;
  readonly required: boolean;
}

/** What a signature depends on besides the schema. */
export interface SignatureOptions {
  /** Columns that have missing values in the training data. */
  readonly missing?: ReadonlySet<string>;
  /** Version of MLflow that will read it; the newest if unknown. */
  readonly mlflowVersion?: string | undefined;
}

/**
 * The raw columns, in the order of the schema. If one of them needs `any`, all are: up to 3.16 MLflow
 * gives an `any` column another index than a typed one (`_enforce_named_col_schema`), and a frame of
 * both with an index of its own would have its rows torn apart.
 */
export function inputColumns(
  schema: FeatureSchema,
  options: SignatureOptions = {},
): ColumnSpec[] {
  const anyNeeded = schema.features.some((feature) => typeOf(feature) === "any");
  const all = anyNeeded && atLeast(options.mlflowVersion, 2, 19);
  return schema.features.map((feature): ColumnSpec => {
    const missing = options.missing?.has(feature.name) ?? false;
    const type = typeOf(feature);
    return {
      type: all ? "any" : type === "any" ? nearest(feature, missing) : type,
      name: feature.name,
      required: !missing,
    };
  });
}

/** The columns of a prediction, in the order of the graph's outputs. */
export function outputColumns(target: Target): ColumnSpec[] {
  if (target.objective === "regression") {
    return [{ type: "float", name: "prediction", required: true }];
  }
  const label = { boolean: "boolean", integer: "long", string: "string" } as const;
  return [
    { type: label[target.kind], name: "label", required: true },
    ...target.classes.map((name): ColumnSpec => (
      { type: "float", name: `probability_${name}`, required: true }
    )),
  ];
}

/**
 * `any` is for what no single MLflow type takes: a 64-bit integer column is int64 in pandas, or
 * float64 once a value is missing; a timestamp with a zone is refused as datetime, a decimal as
 * double.
 */
function typeOf({ kind, type }: Feature): ColumnSpec["type"] {
  switch (kind) {
    case "number":
      return /^(u?int(8|16|32)|halffloat|float|double)$/.test(type) ? "double" : "any";
    case "boolean":
      return "boolean";
    case "categorical":
      return "string";
    case "timestamp":
      return hasZone(type) ? "any" : "datetime";
  }
}

/** For an MLflow without `any`: passes for frames like the training data. */
function nearest({ kind, type }: Feature, missing: boolean): ColumnSpec["type"] {
  if (kind === "timestamp") return "datetime";
  if (!/^u?int64$/.test(type)) return "string";
  return missing ? "double" : "long";
}

/** True for a timestamp that pandas reads with a time zone: `timestamp[us, UTC]`. */
export function hasZone(type: string): boolean {
  return type.startsWith("timestamp[") && type.includes(",");
}

function atLeast(version: string | undefined, major: number, minor: number): boolean {
  const [first, second] = (version ?? "").split(".").map(Number);
  if (first === undefined || second === undefined || Number.isNaN(first)) return true;
  return first > major || (first === major && second >= minor);
}
