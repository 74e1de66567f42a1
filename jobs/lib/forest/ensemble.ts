/**
 * The ensemble: grows the trees of a forest, on as many threads as it may.
 *
 * @module
 */

import type {
  Engine,
  ForestOptions,
  TrainedForest,
  TrainingControl,
  TrainingSet,
} from "./forest.ts";
import { Importances } from "./importances.ts";
import { growForest } from "./kernel/grow.ts";
import { trainReference } from "./reference.ts";
import { checkTrainingSet } from "./training_set.ts";

/**
 * The histogram random forest.
 *
 * Takes numbers with NaN and ±Infinity, any number of columns and classes, weights of rows and
 * classes. The forest depends on the data, the options and the seed, not on threads. Trees with a limit
 * of leaves are grown by the plain TypeScript reference, which is slower, on one thread.
 */
export const forestEngine: Engine = { name: "forest", train };

/**
 * Grows this process's trees of a forest that several processes grow, and leaves them in the store.
 *
 * @param control With `checkpoints.peers`, and this process not the first of them.
 * @returns How many trees those are.
 * @throws {DependencyError} Whatever keeps the store from taking a block.
 */
export async function growPart(
  set: TrainingSet,
  options: ForestOptions,
  control: TrainingControl,
): Promise<number> {
  checkTrainingSet(set);
  return (await growForest(set, options, control)).length;
}

async function train(
  set: TrainingSet,
  options: ForestOptions,
  control: TrainingControl = {},
): Promise<TrainedForest> {
  if (options.maxLeafNodes !== undefined) {
    if (control.checkpoints !== undefined) {
      control.onNotice?.("trees with a limit of leaves are not kept in checkpoints");
    }
    return await trainReference(set, options, control);
  }
  checkTrainingSet(set);
  const grown = await growForest(set, options, control);
  const importances = new Importances(set.matrix.columns.length);
  for (const { decrease } of grown) importances.add(decrease);
  return {
    forest: {
      objective: options.objective,
      classes: set.classes,
      targets: set.classes > 2 ? set.classes : 1,
      columns: set.matrix.columns.length,
      trees: grown.map(({ tree }) => tree),
    },
    importances: importances.result(),
  };
}
