import type { Criterion } from "./criterion.ts";
import { Entropy } from "./entropy.ts";
import type { ForestOptions, TrainingSet } from "./forest.ts";
import { BinaryGini, Gini } from "./gini.ts";
import { Variance } from "./variance.ts";

/**
 * Gini's impurity or entropy for classes, variance for numbers.
 *
 * @param trees Number of trees in the forest.
 */
export function createCriterion(
  set: TrainingSet,
  trees: number,
  name: ForestOptions["criterion"] = "gini",
): Criterion {
  if (set.classes === 0) return new Variance(set, trees);
  if (name === "entropy") return new Entropy(set, trees);
  return set.classes === 2 ? new BinaryGini(set, trees) : new Gini(set, trees);
}
