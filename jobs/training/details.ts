/**
 * What is drawn of a model: its curves, its errors, and what more trees would bring.
 *
 * @module
 */

import type { FeatureSchema, Labels } from "../lib/dataset/mod.ts";
import {
  type EvaluationDetails,
  headlineMetric,
  type Importance,
  type Point,
  residualsOf,
  rocAuc,
  thresholdCurves,
  weightedMetric,
} from "../lib/evaluation/mod.ts";
import { type Forest, type Matrix, permutationImportances, predict } from "../lib/forest/mod.ts";
import type { LabelledRows } from "./held_out.ts";
import type { LoadedForest } from "./load.ts";
import type { Measurement } from "./measure.ts";
import { someRows } from "./some_rows.ts";

/** Rows that a score by number of trees is measured on. */
const MOST_ROWS = 50_000;
/** Classes whose curves are kept. */
const MOST_CLASSES = 20;
/** Trees that rows are sent down for the permutation importances: about half a second. */
const MOST_WALKS = 4e7;
/** With fewer rows the importances would be chance. */
const FEWEST_ROWS = 200;
const REPEATS = 3;

/** Curves, residuals, and the score by number of trees. */
export function detailsOf(
  { schema, forest }: LoadedForest,
  { outputs, matrix }: Measurement,
  { labels }: LabelledRows,
): EvaluationDetails {
  return {
    ...detailsOfOutputs(schema, outputs, labels),
    byTrees: scoresByTrees(forest, matrix, labels),
  };
}

/** Curves and residuals. */
export function detailsOfOutputs(
  { target }: FeatureSchema,
  outputs: readonly Float32Array[],
  labels: Labels,
): EvaluationDetails {
  if (target.objective === "regression") {
    return { curves: [], residuals: residualsOf(labels, outputs[0] ?? new Float32Array()) };
  }
  const first = target.classes.length === 2 ? 1 : 0;
  const drawn = target.classes.slice(first, first + MOST_CLASSES);
  return {
    curves: drawn.map((name, at) => {
      const index = first + at;
      const positive = Uint8Array.from(labels, (label) => label === index ? 1 : 0);
      const { roc, precisionRecall } = thresholdCurves(
        positive,
        outputs[index] ?? new Float32Array(),
      );
      return { class: String(name), roc, precisionRecall };
    }),
  };
}

/** Importances of the columns on held-out rows, the greatest first; undefined where it would take long. */
export async function permutationOf(
  { schema, forest }: LoadedForest,
  { matrix }: Measurement,
  { labels }: LabelledRows,
  signal: AbortSignal,
): Promise<{ metric: string; importances: Importance[] } | undefined> {
  const walks = REPEATS * matrix.columns.length * forest.trees.length;
  const rows = someRows(matrix.rows, Math.floor(MOST_WALKS / walks));
  if (rows.length < Math.min(FEWEST_ROWS, matrix.rows)) return undefined;
  const binary = forest.classes === 2;
  const known = Float64Array.from(rows, (row) => labels[row] ?? 0);
  const positive = Uint8Array.from(known, (label) => label === 1 ? 1 : 0);
  const { score, mean, deviation } = await permutationImportances(
    forest,
    takeRows(matrix, rows),
    known,
    {
      repeats: REPEATS,
      seed: 42,
      signal,
      ...(binary ? { score: ([, p = new Float32Array()]) => rocAuc(positive, p) } : {}),
    },
  );
  if (Number.isNaN(score)) return undefined;
  const objective = schema.target.objective;
  return {
    metric: binary ? "roc_auc" : objective === "regression" ? "r2" : "accuracy",
    importances: matrix.names
      .map((feature, index) => ({
        feature,
        importance: mean[index] ?? 0,
        deviation: deviation[index] ?? 0,
      }))
      .toSorted((a, b) => b.importance - a.importance),
  };
}

/** The headline metric with the first 1, 2, 3, 5, … trees; every tree predicts once. */
function scoresByTrees(
  forest: Forest,
  matrix: Matrix,
  labels: Labels,
): NonNullable<EvaluationDetails["byTrees"]> {
  const metric = headlineMetric(forest.objective);
  const rows = someRows(matrix.rows, MOST_ROWS);
  const known = Float64Array.from(rows, (row) => labels[row] ?? 0);
  const once = new Uint16Array(rows.length).fill(1);
  const points: Point[] = [];
  let sums: Float32Array[] = [];
  for (let from = 0; from < forest.trees.length;) {
    const to = Math.min(forest.trees.length, Math.max(from + 1, Math.ceil(from * 1.4)));
    const part = predict({ ...forest, trees: forest.trees.slice(from, to) }, matrix, rows);
    // With two classes the first is one minus the second, which does not add up.
    const added = forest.classes === 2 ? part.slice(1) : part;
    sums = sums.length === 0
      ? added
      : sums.map((sum, index) => sum.map((value, row) => value + (added[index]?.[row] ?? 0)));
    // Leaves hold a tree's part of the whole forest's answer.
    const scaled = sums.map((sum) => sum.map((value) => value * forest.trees.length / to));
    const [second = new Float32Array()] = scaled;
    const outputs = forest.classes === 2 ? [second.map((p) => 1 - p), second] : scaled;
    const value = weightedMetric(metric, known, outputs)(once);
    if (!Number.isNaN(value)) points.push([to, value]);
    from = to;
  }
  return { metric, points };
}

function takeRows(matrix: Matrix, rows: Uint32Array): Matrix {
  return {
    ...matrix,
    rows: rows.length,
    columns: matrix.columns.map((column) => Float32Array.from(rows, (row) => column[row] ?? 0)),
  };
}
