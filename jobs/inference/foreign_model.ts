/**
 * Scores with a model that another tool exported: its graph says what it takes, the names of the
 * columns come from the graph or from what MLflow stored beside it.
 *
 * @module
 */

import {
  type Batch,
  type Column,
  type Feature,
  type FeatureSchema,
  MISSING_BOOLEAN,
  MISSING_STRING,
  type Target,
} from "../lib/dataset/mod.ts";
import { DataError } from "../lib/errors.ts";
import { type FeedColumn, type ModelDescription, openForeignModel } from "../lib/forest/mod.ts";
import type { Bundle } from "../lib/mlflow/mod.ts";
import type { Scorer } from "./scorer.ts";
import { type ColumnSpec, columnSpecs } from "./signature.ts";

/**
 * Makes another tool's model ready to score.
 *
 * @throws {DataError} `model.onnx-invalid`, `model.onnx-unusable`, `model.columns-unnamed`
 */
export async function loadForeignScorer(bundle: Bundle): Promise<Scorer> {
  const specs = columnSpecs(bundle);
  const model = await openForeignModel(bundle.onnx, specs?.length);
  const features = featuresOf(model.description, specs);
  const schema: FeatureSchema = {
    version: 1,
    target: targetOf(model.description),
    features,
    dropped: [],
  };
  return {
    schema,
    engine: model.engine,
    score: (batch) => model.predict(features.map((each) => feed(each, batch)), batch.rows),
  };
}

function targetOf({ target, label }: ModelDescription): Target {
  if (target.objective === "regression") return { objective: "regression", label: "prediction" };
  const { kind, classes } = target;
  return { objective: "classification", label: label ?? "label", kind, classes };
}

/** The columns in the order in which the graph takes them. */
function featuresOf(
  { inputs }: ModelDescription,
  specs: readonly ColumnSpec[] | undefined,
): Feature[] {
  const width = inputs.reduce((sum, input) => sum + (input.width ?? 0), 0);
  const own = inputs.every((input) => input.width === 1) ? inputs.map(({ name }) => name) : [];
  const given = specs?.length === width ? specs.map(({ name }) => name) : [];
  // Several inputs are fed by name, in whatever order MLflow has them.
  const byName = own.length > 0 && (given.length === 0 || inputs.length > 1);
  const names = byName ? own : given;
  if (names.length !== width) throw unnamed(inputs.map(({ name }) => name), width, specs);
  const types = inputs.flatMap(({ type, width }) => new Array(width ?? 0).fill(type) as string[]);
  return names.map((name, k): Feature => {
    const type = specs?.find((spec) => spec.name === name)?.type ?? types[k] ?? "float";
    if (types[k] === "string") return { name, kind: "categorical", type: "string" };
    return { name, kind: type === "boolean" ? "boolean" : "number", type };
  });
}

function unnamed(
  inputs: readonly string[],
  width: number,
  specs: readonly ColumnSpec[] | undefined,
): DataError {
  return new DataError({
    code: "model.columns-unnamed",
    cannot: "score with the model",
    found: `its graph takes ${width} columns by ${inputs.join(", ")}, and ` +
      (specs === undefined
        ? "no signature names them"
        : `its signature names ${specs.length}: ${specs.map(({ name }) => name).join(", ")}`),
    todo: "Log the model in MLflow with a signature that has the columns' names in order " +
      "(infer_signature of the training DataFrame)",
  });
}

function feed({ name, kind }: Feature, batch: Batch): FeedColumn {
  const column = batch.columns.find((each) => each.name === name);
  if (column === undefined) throw new TypeError(`the batch has no column ${name}`);
  return kind === "categorical" ? stringsOf(column, batch.rows) : numbersOf(column, batch.rows);
}

function stringsOf(column: Column, rows: number): string[] {
  // A column of nulls only.
  if (column.kind !== "string") return new Array<string>(rows).fill("");
  const { codes, dictionary } = column;
  return Array.from(codes, (code) => code === MISSING_STRING ? "" : dictionary[code] ?? "");
}

function numbersOf(column: Column, rows: number): Float64Array {
  if (column.kind === "number") return column.values;
  if (column.kind !== "boolean") return new Float64Array(rows).fill(NaN);
  return Float64Array.from(column.values, (value) => value === MISSING_BOOLEAN ? NaN : value);
}
