/**
 * npm:ml-random-forest as an engine, for small data and for comparison.
 *
 * @see https://github.com/mljs/random-forest
 * @module
 */

import { DataError, UsageError } from "../errors.ts";
import { type CartContext, type CartNode, convertTree } from "./cart.ts";
import { breathe } from "./breathe.ts";
import { countFeatures } from "./counts.ts";
import type {
  Engine,
  ForestOptions,
  Matrix,
  TrainedForest,
  TrainingControl,
  TrainingSet,
  Tree,
} from "./forest.ts";
import { routedImportances } from "./importances.ts";
import { deriveSeed } from "./random.ts";
import { divideShare, shareOf } from "./shares.ts";
import { checkTrainingSet } from "./training_set.ts";

/** Most rows; training a tree takes about n^1.8, with these some seconds. */
const MOST_ROWS = 5000;
/** Most rows times trees: minutes. */
const MOST_ROW_TREES = 500_000;

/** Limits that it does not have, as options spell them. */
const UNKNOWN = {
  minSamplesSplit: "min-samples-split",
  minImpurityDecrease: "min-impurity-decrease",
  maxLeafNodes: "max-leaf-nodes",
  maxSamples: "max-samples",
} as const satisfies Partial<Record<keyof ForestOptions, string>>;
/** Values of theirs that limit nothing. */
const NOTHING: Readonly<Record<string, number>> = { minSamplesSplit: 2, minImpurityDecrease: 0 };

/**
 * npm:ml-random-forest. Its trees become trees of ours that predict what it predicts: the share of
 * the trees that vote for a class, or the trees' mean.
 *
 * It draws columns once a tree, not at each node, knows neither weights nor least leaf sizes, and
 * takes minutes where the other engine takes a second. Missing values are replaced by the column's
 * median, the lower of two, 0 if there is none; the trees send them the same way.
 */
export const mlRandomForestEngine: Engine = { name: "ml-random-forest", train };

async function train(
  set: TrainingSet,
  options: ForestOptions,
  control: TrainingControl = {},
): Promise<TrainedForest> {
  checkTrainingSet(set);
  checkOptions(set, options);
  checkSize(set.matrix.rows, options.trees);
  checkFinite(set.matrix);
  // Only who chooses this engine pays for loading it.
  const library = await import("ml-random-forest");
  const imputed = Float32Array.from(set.matrix.columns, lowerMedian);
  const rows = imputedRows(set.matrix, imputed);
  const labels = Array.from(set.labels);
  const targets = set.classes === 0 || set.classes === 2 ? 1 : set.classes;
  const trees: Tree[] = [];
  while (trees.length < options.trees) {
    await breathe(control.signal);
    const tree = trees.length;
    const Forest = set.classes > 0
      ? library.RandomForestClassifier
      : library.RandomForestRegression;
    const single = new Forest(libraryOptions(set, options, tree));
    single.train(rows, labels);
    const { root, columns } = onlyTree(single);
    const leaf = leafValues(set, options, tree);
    trees.push(convertTree(root, { columns, imputed, targets, leaf }));
    const done = trees.length;
    control.onProgress?.({ trees: done, of: options.trees, grown: done, toGrow: options.trees });
  }
  const forest = {
    objective: options.objective,
    classes: set.classes,
    targets,
    columns: imputed.length,
    trees,
  };
  return { forest, importances: routedImportances(forest, set) };
}

/** One tree at a time, so that training can be watched and stopped. */
function libraryOptions(set: TrainingSet, options: ForestOptions, tree: number) {
  const columns = set.matrix.columns.length;
  const count = countFeatures(options.maxFeatures, columns);
  return {
    nEstimators: 1,
    seed: deriveSeed(options.seed, tree) | 0,
    // It takes the number 1 for all columns; half a column more is cut off again.
    maxFeatures: count === 1 && columns > 1 ? 1.5 / columns : count,
    replacement: false,
    useSampleBagging: true,
    // Out-of-bag votes crash it where a row is in every tree's sample.
    noOOB: true,
    treeOptions: {
      maxDepth: options.maxDepth === 0 ? Infinity : options.maxDepth,
      // Nodes of so many rows are not split.
      minNumSamples: 1,
      // What a split must exceed: the gain, but for regression the error that is left, which may be 0.
      gainThreshold: set.classes > 0 ? 0 : -1,
    },
  };
}

/** What the library's `toJSON` gives; its types do not describe it. */
interface LibraryForest {
  readonly baseModel: {
    readonly estimators: readonly { readonly root: CartNode }[];
    readonly indexes: readonly (readonly number[])[];
  };
}

function onlyTree(single: object): { root: CartNode; columns: readonly number[] } {
  const { baseModel }: LibraryForest = JSON.parse(JSON.stringify(single));
  const [estimator] = baseModel.estimators;
  const [columns] = baseModel.indexes;
  if (estimator === undefined || columns === undefined) throw new TypeError("no tree was trained");
  return { root: estimator.root, columns };
}

function leafValues(set: TrainingSet, options: ForestOptions, tree: number): CartContext["leaf"] {
  return (distribution) => {
    if (typeof distribution === "number") return Float64Array.of(distribution / options.trees);
    const frequencies = distribution[0] ?? [];
    const vote = new Float64Array(set.classes);
    vote[frequencies.indexOf(Math.max(...frequencies))] = 1;
    const values = new Float64Array(set.classes);
    divideShare(vote, shareOf(tree, options.trees), values);
    return set.classes === 2 ? values.subarray(1) : values;
  };
}

function lowerMedian(values: Float32Array): number {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  return present[(present.length - 1) >> 1] ?? 0;
}

function imputedRows({ rows, columns }: Matrix, imputed: Float32Array): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    columns.map((values, column) => {
      const value = values[row] as number;
      return Number.isNaN(value) ? imputed[column] as number : value;
    }));
}

function checkOptions(set: TrainingSet, options: ForestOptions): void {
  if (options.classWeight !== "none") throw unsupported("class-weight", options.classWeight);
  if (options.minSamplesLeaf !== 1) throw unsupported("min-samples-leaf", options.minSamplesLeaf);
  if (options.criterion === "entropy") throw unsupported("criterion", options.criterion);
  for (const [option, name] of Object.entries(UNKNOWN)) {
    const value = options[option as keyof typeof UNKNOWN];
    if (value !== undefined && value !== NOTHING[option]) throw unsupported(name, value);
  }
  if (set.weights !== undefined) throw unsupported("weights", "given");
}

function unsupported(option: string, value: string | number): UsageError {
  return new UsageError({
    code: "forest.engine-option",
    cannot: "train with --engine ml-random-forest",
    found: `it has no ${option}, which is ${value}`,
    todo: `Use --engine forest, or leave ${option} at its default`,
    place: { option },
  });
}

function checkSize(rows: number, trees: number): void {
  if (rows <= MOST_ROWS && rows * trees <= MOST_ROW_TREES) return;
  throw new UsageError({
    code: "forest.engine-too-large",
    cannot: "train with --engine ml-random-forest",
    found: `${rows} training rows and ${trees} trees would take it hours; it gets at most ` +
      `${MOST_ROWS} rows, and ${MOST_ROW_TREES} rows times trees`,
    todo: "Use --engine forest, or fewer rows or trees",
    place: { option: "engine" },
  });
}

function checkFinite({ columns, names }: Matrix): void {
  const column = columns.findIndex((values) =>
    values.some((value) => Math.abs(value) === Infinity)
  );
  if (column === -1) return;
  const name = names[column] ?? `${column}`;
  throw new DataError({
    code: "forest.engine-infinite",
    cannot: "train with --engine ml-random-forest",
    found: `the column ${name} has infinite values, which it cannot split`,
    todo: "Use --engine forest, or drop the column",
    place: { column: name },
  });
}
