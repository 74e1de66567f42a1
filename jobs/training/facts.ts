/**
 * What only the training knows of a model, kept in the bundle so that later steps can tell of it.
 *
 * @module
 */

import { z } from "zod";
import { type FeatureSchema, matrixColumns } from "../lib/dataset/mod.ts";
import { DataError, issuesOf, messageOf } from "../lib/errors.ts";
import {
  evaluateClassification,
  evaluateRegression,
  type Importance,
  type Point,
  type TrainingFacts,
} from "../lib/evaluation/mod.ts";
import { predict, type TrainingSet } from "../lib/forest/mod.ts";
import type { Bundle } from "../lib/mlflow/mod.ts";
import type { PreparedData } from "./data.ts";
import type { FittedForest } from "./fit.ts";
import { someRows } from "./some_rows.ts";

/** Rows that metrics on the training data are measured on. */
const MOST_ROWS = 50_000;
const MOST_STEPS = 200;

/** Collects the facts of a training that has grown its trees. */
export function trainingFacts(
  fitted: FittedForest,
  data: PreparedData,
  parameters: Readonly<Record<string, string>>,
): TrainingFacts {
  const { dataset: { uri }, digest } = data.inputs.training;
  return {
    created_at: new Date().toISOString(),
    seconds: fitted.seconds,
    rows: data.train.matrix.rows,
    parameters,
    metrics: learntMetrics(fitted, data.train, data.schema),
    importances: impurityImportances(fitted, data.schema),
    out_of_bag: fitted.outOfBag === undefined ? null : {
      score: fitted.outOfBag.score,
      by_trees: thinned(fitted.outOfBag.curve),
    },
    data: data.report,
    source: { uri, digest },
  };
}

/** Shares of the decrease in impurity by matrix column, the greatest first. */
function impurityImportances(
  { importances }: Pick<FittedForest, "importances">,
  schema: FeatureSchema,
): Importance[] {
  return matrixColumns(schema)
    .map(({ name }, index) => ({ feature: name, importance: importances[index] ?? 0 }))
    .toSorted((a, b) => b.importance - a.importance);
}

/**
 * Reads `training.json` of a bundle.
 *
 * @returns undefined where the bundle has none
 * @throws {DataError} `model.not-a-bundle`
 */
export function readFacts({ files }: Pick<Bundle, "files">): TrainingFacts | undefined {
  const file = files.find(({ path }) => path === "training.json");
  if (file === undefined) return undefined;
  try {
    return FACTS.parse(JSON.parse(new TextDecoder().decode(file.bytes)));
  } catch (error) {
    throw new DataError({
      code: "model.not-a-bundle",
      cannot: "read the model",
      found: `training.json is damaged: ${
        error instanceof z.ZodError ? issuesOf(error) : messageOf(error)
      }`,
      todo: "Give the folder or model.tar.gz that a training made",
      cause: error,
    });
  }
}

/** A number that JSON writes as null. */
const measured = z.number().nullable().transform((value) => value ?? NaN);
const bound = z.union([z.number(), z.string(), z.null()]);

const FACTS: z.ZodType<TrainingFacts> = z.object({
  created_at: z.string(),
  seconds: z.number(),
  rows: z.number(),
  parameters: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), z.number()),
  importances: z.array(z.object({ feature: z.string(), importance: z.number() })),
  out_of_bag: z.object({
    score: measured,
    by_trees: z.array(z.tuple([z.number(), measured])),
  }).nullable(),
  data: z.looseObject({
    rows: z.number(),
    columns: z.array(z.looseObject({
      name: z.string(),
      kind: z.enum(["number", "boolean", "string", "timestamp"]),
      type: z.string(),
      missing: z.number(),
      distinct: z.number().exactOptional(),
      min: bound,
      max: bound,
      mean: z.number().nullable(),
    })),
    findings: z.array(z.looseObject({
      severity: z.enum(["error", "warning"]),
      code: z.string(),
      column: z.string().exactOptional(),
      message: z.string(),
      count: z.number(),
      examples: z.array(z.string()).exactOptional(),
    })),
    classes: z.array(z.looseObject({
      value: z.union([z.boolean(), z.number(), z.string()]),
      rows: z.number(),
    })),
  }),
  source: z.object({ uri: z.string(), digest: z.string() }),
});

function learntMetrics(
  { forest }: FittedForest,
  { matrix, labels }: TrainingSet,
  { target }: FeatureSchema,
): Readonly<Record<string, number>> {
  const rows = someRows(matrix.rows, MOST_ROWS);
  const outputs = predict(forest, matrix, rows);
  const known = Float64Array.from(rows, (row) => labels[row] ?? 0);
  const { metrics } = target.objective === "regression"
    ? evaluateRegression(known, outputs[0] ?? new Float32Array())
    : evaluateClassification(Int32Array.from(known), outputs, target.classes);
  return metrics;
}

function thinned(curve: Float64Array): Point[] {
  const step = Math.ceil(curve.length / MOST_STEPS);
  return Array.from(curve, (value, index): Point => [index + 1, value])
    .filter(([trees]) => trees % step === 0 || trees === curve.length);
}
