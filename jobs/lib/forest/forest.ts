/**
 * What a forest is, what trains one, and what an engine must offer.
 *
 * @module
 */

import type { Objective } from "../dataset/mod.ts";

/** The forest's matrix: one float32 array per column, each of `rows` values; NaN is missing. */
export interface Matrix {
  readonly rows: number;
  readonly columns: readonly Float32Array[];
  /** Names of the columns, for importances and messages. */
  readonly names: readonly string[];
}

/** Labelled rows. */
export interface TrainingSet {
  readonly matrix: Matrix;
  /** Class index of each row, or for regression the value. */
  readonly labels: Int32Array | Float64Array;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  /** Weight of each row; 1 unless given. */
  readonly weights?: Float32Array;
}

/** How many columns a node looks at. */
export type MaxFeatures = "sqrt" | "log2" | "all" | number;

/** Hyperparameters of a forest, all validated before an engine sees them. */
export interface ForestOptions {
  readonly objective: Objective;
  readonly trees: number;
  /** Levels below the root; 0 means no limit. */
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly maxFeatures: MaxFeatures;
  readonly classWeight: "none" | "balanced";
  /** 32-bit; the same seed and data give the identical forest on any number of threads. */
  readonly seed: number;
  readonly threads: number;
}

/**
 * One tree as parallel arrays, root first, children after their parent. A row goes left where
 * `value ≤ threshold`, right where it is greater, and where it is missing as `missingLeft` says.
 */
export interface Tree {
  /** Matrix column of the split; -1 in a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /**
   * `targets` values a node, used in leaves: the class frequencies (for two classes only that of the
   * second), or the mean. They add up to a probability after division by the number of trees.
   */
  readonly value: Float32Array;
}

/** A trained forest. */
export interface Forest {
  readonly objective: Objective;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  /** Values a leaf holds: 1 for two classes and for regression, otherwise one a class. */
  readonly targets: number;
  /** Number of matrix columns it was trained on. */
  readonly columns: number;
  readonly trees: readonly Tree[];
}

/** What training gives besides the forest. */
export interface TrainedForest {
  readonly forest: Forest;
  /** Mean decrease in impurity per matrix column; not negative, sums to 1 (all 0 without a split). */
  readonly importances: Float64Array;
}

/** How far training is. */
export interface TrainingProgress {
  readonly trees: number;
  readonly of: number;
}

/** Trains forests. */
export interface Engine {
  readonly name: "forest" | "ml-random-forest";
  /**
   * @param signal Stops after the current tree; the promise then rejects with the signal's reason.
   * @throws {DataError} or {@linkcode UsageError} where this engine cannot take the data or options.
   */
  train(
    set: TrainingSet,
    options: ForestOptions,
    control?: { onProgress?: (progress: TrainingProgress) => void; signal?: AbortSignal },
  ): Promise<TrainedForest>;
}
