/**
 * The ensemble: quantise once, then grow tree after tree.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { drawSample } from "./bootstrap.ts";
import { Builder } from "./builder.ts";
import { createCriterion } from "./criterion.ts";
import type {
  Engine,
  ForestOptions,
  MaxFeatures,
  TrainedForest,
  TrainingControl,
  TrainingSet,
  Tree,
} from "./forest.ts";
import { Importances } from "./importances.ts";
import { quantiseColumn, type QuantisedColumn, sampleRows } from "./quantise.ts";
import { deriveSeed } from "./random.ts";
import { checkTrainingSet } from "./training_set.ts";
import { rowWeights } from "./weights.ts";

/**
 * The histogram random forest.
 *
 * Takes numbers with NaN and ±Infinity, any number of columns and classes, weights of rows and
 * classes. The forest depends on the data, the options and the seed, not on threads.
 */
export const forestEngine: Engine = { name: "forest", train };

/**
 * How many of `columns` columns a node looks at: at least one. A number below 1 is the fraction of
 * the columns, a whole number from 1 their count.
 */
export function countFeatures(maxFeatures: MaxFeatures, columns: number): number {
  const wanted = maxFeatures === "all"
    ? columns
    : maxFeatures === "sqrt"
    ? Math.sqrt(columns)
    : maxFeatures === "log2"
    ? Math.log2(columns)
    : maxFeatures < 1
    ? maxFeatures * columns
    : maxFeatures;
  return Math.min(columns, Math.max(1, Math.floor(wanted)));
}

/** Lets timers, signals and input have their turn, then stops if told to. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

async function train(
  set: TrainingSet,
  options: ForestOptions,
  control: TrainingControl = {},
): Promise<TrainedForest> {
  checkTrainingSet(set);
  const { matrix } = set;
  const columns = await quantiseColumns(set, options.seed, control.signal);
  const criterion = createCriterion(set, options.trees);
  const builder = new Builder(columns, criterion, {
    maxDepth: options.maxDepth,
    minSamplesLeaf: options.minSamplesLeaf,
    maxFeatures: countFeatures(options.maxFeatures, columns.length),
  });
  const weights = rowWeights(set, options.classWeight);
  const importances = new Importances(columns.length);
  const trees: Tree[] = [];
  while (trees.length < options.trees) {
    await breathe(control.signal);
    const tree = trees.length;
    const seed = deriveSeed(options.seed, tree);
    const decrease = new Float64Array(columns.length);
    const sample = drawSample(matrix.rows, deriveSeed(seed, 0), weights);
    trees.push(builder.build(tree, sample, deriveSeed(seed, 1), decrease));
    importances.add(decrease);
    control.onProgress?.({ trees: trees.length, of: options.trees });
  }
  return {
    forest: {
      objective: options.objective,
      classes: set.classes,
      targets: criterion.targets,
      columns: columns.length,
      trees,
    },
    importances: importances.result(),
  };
}

async function quantiseColumns(
  { matrix }: TrainingSet,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<QuantisedColumn[]> {
  const sample = sampleRows(matrix.rows, seed);
  const quantised: QuantisedColumn[] = [];
  for (const values of matrix.columns) {
    await breathe(signal);
    quantised.push(quantiseColumn(values, sample));
  }
  return quantised;
}
