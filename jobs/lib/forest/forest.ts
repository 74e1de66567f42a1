/**
 * What a forest is, what trains one, and what an engine must offer.
 *
 * @module
 */

import type { Objective } from "../dataset/mod.ts";

/** The forest's matrix: one float32 array per column, each of `rows` values; NaN is missing. */
export interface Matrix {
  /** Values in each column. */
  readonly rows: number;
  /** The columns in order, each `rows` long. */
  readonly columns: readonly Float32Array[];
  /** Names of the columns, for importances and messages. */
  readonly names: readonly string[];
}

/** Labelled rows. */
export interface TrainingSet {
  /** The features. */
  readonly matrix: Matrix;
  /** Class index of each row, or for regression the value. */
  readonly labels: Int32Array | Float64Array;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  /** Weight of each row; 1 unless given. */
  readonly weights?: Float32Array;
}

/**
 * How many columns a node looks at; a number below 1 is a fraction of them, from 1 a count. At least
 * one.
 */
export type MaxFeatures = "sqrt" | "log2" | "all" | number;

/** Hyperparameters of a forest, all validated before an engine sees them. */
export interface ForestOptions {
  /** What is predicted. */
  readonly objective: Objective;
  /** How many trees are grown. */
  readonly trees: number;
  /** Levels below the root; 0 means no limit. */
  readonly maxDepth: number;
  /** Least rows in a leaf; a row drawn several times counts once, as in scikit-learn. */
  readonly minSamplesLeaf: number;
  /** How many columns each node looks at. */
  readonly maxFeatures: MaxFeatures;
  /** `balanced` lets every class weigh the same in total. */
  readonly classWeight: "none" | "balanced";
  /** Fewest rows in a node that is split; 2 unless given. */
  readonly minSamplesSplit?: number;
  /**
   * Least decrease in impurity, weighted by the node's part of the tree's rows, for which a node is
   * split; 0 unless given, so that a split that gains nothing is taken, since its children may gain.
   */
  readonly minImpurityDecrease?: number;
  /** Most leaves of a tree, which then grows where it gains most; no limit unless given. */
  readonly maxLeafNodes?: number;
  /** How many rows a tree draws: below 1 a fraction of them, from 1 a count; all unless given. */
  readonly maxSamples?: number;
  /** What makes a node of classes impure; Gini's index unless given. */
  readonly criterion?: "gini" | "entropy";
  /** 32-bit; the same seed and data give the identical forest on any number of threads. */
  readonly seed: number;
  /** How many threads may be used. */
  readonly threads: number;
}

/**
 * One tree as parallel arrays, root first, children after their parent. A row goes left where
 * `value ≤ threshold`, right where it is greater, and where it is missing as `missingLeft` says.
 */
export interface Tree {
  /** Matrix column of the split; -1 in a leaf. */
  readonly feature: Int32Array;
  /** Greatest value that goes left; finite, and 0 in a leaf. */
  readonly threshold: Float32Array;
  /** 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** Left child; 0 in a leaf. */
  readonly left: Int32Array;
  /** Right child; 0 in a leaf. */
  readonly right: Int32Array;
  /**
   * `targets` values a node, used in leaves: what the trees' values are to add up to. The class
   * frequencies (for two classes only that of the second), or the mean, already divided by the number
   * of trees. The parts of probabilities are whole numbers of 2⁻²⁴, see `shares.ts`: their sum is
   * exact in float32, in any order.
   */
  readonly value: Float32Array;
}

/** A trained forest. */
export interface Forest {
  /** What it predicts. */
  readonly objective: Objective;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  /** Values a leaf holds: 1 for two classes and for regression, otherwise one a class. */
  readonly targets: number;
  /** Number of matrix columns it was trained on. */
  readonly columns: number;
  /** In the order in which their values are added up. */
  readonly trees: readonly Tree[];
}

/** What training gives besides the forest. */
export interface TrainedForest {
  /** What predicts. */
  readonly forest: Forest;
  /** Mean decrease in impurity per matrix column; not negative, sums to 1 (all 0 without a split). */
  readonly importances: Float64Array;
}

/** How far training is. */
export interface TrainingProgress {
  /** Trees that are done. */
  readonly trees: number;
  /** Trees that there will be. */
  readonly of: number;
  /** Trees that this process has grown: those of earlier attempts and of peers are not among them. */
  readonly grown: number;
  /** Trees that this process is to grow. */
  readonly toGrow: number;
}

/** What may become of a model's file, in bytes. */
export interface SizeBounds {
  /** From here a notice names what helps. */
  readonly warn: number;
  /** From here training ends, after the first trees. */
  readonly refuse: number;
}

/** A place for blocks of finished trees. */
export interface BlockStore {
  /** Where it is, for messages. */
  readonly place: string;
  /** Names of the blocks that are there; those that begin with the prefix, if one is given. */
  list(prefix?: string): Promise<string[]>;
  /** A block; undefined if it has gone. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Writes a block whole, or not at all. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** How finished trees are kept, so that a training that was killed goes on where it was. */
export interface Checkpoints {
  /** Where they are kept. */
  readonly store: BlockStore;
  /** What must be the same besides the training set and the options, such as the schema. */
  readonly identity: string;
  /** Seconds between blocks; 20 unless given. */
  readonly seconds?: number;
  /** Others that grow trees of the same forest into the same store, if there are any. */
  readonly peers?: Peers;
}

/**
 * The processes that grow one forest, each with all of the data: process h of H grows the trees t with
 * t ≡ h mod H, and process 0 waits for those of the others.
 */
export interface Peers {
  /** Which of them this is, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
  /** Told before the first tree what the trees depend on: it must be the same for all. */
  begin(fingerprint: string): Promise<void>;
  /**
   * Called by process 0 whenever it has looked for trees of the others and some are still missing.
   * Resolves when it is time to look again; rejects to give up.
   */
  wait(missing: number): Promise<void>;
}

/** How the caller watches and stops a training. */
export interface TrainingControl {
  /** Called after every tree. */
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Stops within a second or so; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Keeps finished trees, and takes those that are there; trees with a limit of leaves are not kept. */
  readonly checkpoints?: Checkpoints;
  /** How large the model may become: a notice above 500 MB, an error above 1.9 GB unless given. */
  readonly sizeBounds?: SizeBounds;
  /** Told what a user should know though training goes on. */
  readonly onNotice?: (notice: string) => void;
}

/** Trains forests. */
export interface Engine {
  /** As `--engine` takes it. */
  readonly name: "forest" | "ml-random-forest";
  /**
   * Trains a forest.
   *
   * @throws {DataError} or {@linkcode UsageError} where this engine cannot take the data or options,
   *   or the model would be too large.
   */
  train(
    set: TrainingSet,
    options: ForestOptions,
    control?: TrainingControl,
  ): Promise<TrainedForest>;
}
