/**
 * Training in plain TypeScript: the readable specification of what the kernel does, the oracle of its
 * tests, and what grows a forest where the kernel does not (a limit of leaves).
 *
 * @module
 */

import { drawSample, poissonLimits } from "./bootstrap.ts";
import { breathe } from "./breathe.ts";
import { Builder } from "./builder.ts";
import { countFeatures, drawsPerRow } from "./counts.ts";
import { createCriterion } from "./create_criterion.ts";
import type { ForestOptions, TrainedForest, TrainingControl, TrainingSet, Tree } from "./forest.ts";
import { Importances } from "./importances.ts";
import { quantiseColumn, type QuantisedColumn, sampleRows } from "./quantise.ts";
import { deriveSeed } from "./random.ts";
import { SizeWatch } from "./size.ts";
import { checkTrainingSet } from "./training_set.ts";
import { rowWeights } from "./weights.ts";

/**
 * Trains a forest: quantises once, then grows tree after tree on this thread.
 *
 * @throws {DataError} see {@linkcode checkTrainingSet}
 * @throws {UsageError} `model.too-large`
 */
export async function trainReference(
  set: TrainingSet,
  options: ForestOptions,
  control: TrainingControl = {},
): Promise<TrainedForest> {
  checkTrainingSet(set);
  const { matrix } = set;
  const columns = await quantiseColumns(set, options.seed, control.signal);
  const criterion = createCriterion(set, options.trees, options.criterion);
  const builder = new Builder(columns, criterion, {
    ...options,
    maxFeatures: countFeatures(options.maxFeatures, columns.length),
  });
  const weights = rowWeights(set, options.classWeight);
  const limits = poissonLimits(drawsPerRow(options.maxSamples, matrix.rows));
  const importances = new Importances(columns.length);
  const trees: Tree[] = [];
  const size = new SizeWatch(options.trees, criterion.targets, control);
  while (trees.length < options.trees) {
    await breathe(control.signal);
    const tree = trees.length;
    const seed = deriveSeed(options.seed, tree);
    const decrease = new Float64Array(columns.length);
    const sample = drawSample(matrix.rows, deriveSeed(seed, 0), weights, limits);
    trees.push(builder.build(tree, sample, deriveSeed(seed, 1), decrease));
    importances.add(decrease);
    size.add(trees.at(-1)?.feature.length ?? 0);
    const done = trees.length;
    control.onProgress?.({ trees: done, of: options.trees, grown: done, toGrow: options.trees });
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
