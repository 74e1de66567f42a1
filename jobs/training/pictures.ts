/**
 * What a person looks at first: which columns count, and what a tree looks like.
 *
 * @module
 */

import { matrixColumns, type Target } from "../lib/dataset/mod.ts";
import { argMax, importanceChart, treePicture } from "../lib/forest/mod.ts";
import type { Artifact } from "../lib/mlflow/mod.ts";
import { textArtifact } from "./artifact.ts";
import type { PreparedData } from "./data.ts";
import type { FittedForest } from "./fit.ts";

/** The pictures that are logged with a run. */
export function picturesOf(
  { forest, importances }: FittedForest,
  { schema }: Pick<PreparedData, "schema">,
): Artifact[] {
  const names = matrixColumns(schema).map(({ name }) => name);
  const [tree] = forest.trees;
  // A tree's values are already divided by the number of trees.
  const leaf = (values: Float32Array) =>
    leafText(schema.target, values.map((value) => value * forest.trees.length));
  const pictures = {
    "feature_importance.svg": importanceChart(importances, names),
    ...(tree === undefined ? {} : { "tree.svg": treePicture(tree, names, { leaf }) }),
  };
  return Object.entries(pictures).map(([path, svg]) => textArtifact(path, svg));
}

function leafText(target: Target, values: Float32Array): string {
  const [value = 0] = values;
  if (target.objective === "regression") return String(Number(value.toPrecision(5)));
  const shares = target.classes.length === 2 ? Float32Array.of(1 - value, value) : values;
  const [best = 0] = argMax(Array.from(shares, (share) => Float32Array.of(share)));
  return `${target.classes[best]} ${((shares[best] ?? 0) * 100).toFixed(0)} %`;
}
