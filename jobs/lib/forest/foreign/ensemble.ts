/**
 * A TreeEnsembleClassifier or TreeEnsembleRegressor of ai.onnx.ml 1 to 4 in the fast form.
 *
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/providers/cpu/ml/tree_ensemble_aggregator.h
 * @module
 */

import type { Forest } from "../forest.ts";
import type { NodeProto } from "../onnx/gen/onnx-ml_pb.ts";
import type { WireList } from "../onnx/lists.ts";
import { sumTrees } from "../prediction/mod.ts";
import { Attributes } from "./attributes.ts";
import { logistic, softmax } from "./post_transform.ts";
import { readForeignTrees, type SourceColumn } from "./trees.ts";
import { Unsupported } from "./unsupported.ts";

/** From the columns of a float tensor [N, F] to those of the ensemble's scores. */
export type ColumnFunction = (columns: readonly Float32Array[]) => Float32Array[];

/** An ensemble, and how many columns it looks at. */
export interface Ensemble {
  /** Columns of its input must be more than that. */
  readonly lastColumn: number;
  /** How many scores a row has. */
  readonly width: number;
  readonly score: ColumnFunction;
}

/**
 * Compiles a node.
 *
 * @throws {Unsupported} For attributes whose meaning differs between runtimes or is rare.
 */
export function compileEnsemble(node: NodeProto, lists: readonly WireList[]): Ensemble {
  const attributes = new Attributes(node);
  for (const { name } of node.attribute) {
    if (name.endsWith("_as_tensor")) throw new Unsupported(`attribute ${name}`);
  }
  if (node.opType === "TreeEnsembleRegressor") return compileRegressor(attributes, lists);
  if (node.opType === "TreeEnsembleClassifier") return compileClassifier(attributes, lists);
  throw new Unsupported(node.opType);
}

function compileRegressor(attributes: Attributes, lists: readonly WireList[]): Ensemble {
  const aggregate = attributes.string("aggregate_function") ?? "SUM";
  const transform = attributes.string("post_transform") ?? "NONE";
  if (aggregate !== "SUM" && aggregate !== "AVERAGE") throw new Unsupported(aggregate);
  if (transform !== "NONE") throw new Unsupported(transform);
  const targets = attributes.int("n_targets") ?? 1;
  const base = attributes.floats("base_values") ?? [];
  if (base.length !== 0 && base.length !== targets) throw new Unsupported("base_values");
  const { sum, trees, lastColumn } = compileTrees(lists, "target", targets, (id) => {
    if (!(id >= 0 && id < targets)) throw new Unsupported(`target ${id}`);
    return id;
  });
  const divisor = aggregate === "AVERAGE" ? trees : 1;
  return {
    lastColumn,
    width: targets,
    score: (columns) =>
      sum(columns).map((values, k) =>
        values.map((value) => Math.fround(value / divisor) + (base[k] ?? 0))
      ),
  };
}

function compileClassifier(attributes: Attributes, lists: readonly WireList[]): Ensemble {
  const classes = (attributes.ints("classlabels_int64s") ??
    attributes.strings("classlabels_strings") ?? []).length;
  const transform = attributes.string("post_transform") ?? "NONE";
  const base = attributes.floats("base_values") ?? [];
  const { ids, negative } = surveyClasses(lists);
  if (classes === 2 && ids.size === 1) {
    // Exporters write 0; runtimes take 1 for something else.
    if (!ids.has(0)) throw new Unsupported("leaves of the second class");
    return compileBinary(lists, transform, base, negative);
  }
  if (classes === 2 && base.length > 0) throw new Unsupported("base_values of two classes");
  if (base.length !== 0 && base.length !== classes) throw new Unsupported("base_values");
  const finish = FINISH[transform];
  if (classes < 2 || finish === undefined) throw new Unsupported(`${classes} ${transform}`);
  const { sum, lastColumn } = compileTrees(lists, "class", classes, (id) => {
    if (!(id >= 0 && id < classes)) throw new Unsupported(`class ${id}`);
    return id;
  });
  return {
    lastColumn,
    width: classes,
    score: (columns) => {
      const scores = sum(columns).map((values, k) => values.map((value) => value + (base[k] ?? 0)));
      return finish(scores);
    },
  };
}

/** Two classes, and leaves that know one of them. */
function compileBinary(
  lists: readonly WireList[],
  transform: string,
  base: readonly number[],
  negative: boolean,
): Ensemble {
  const [bias = 0] = base;
  if (base.length > 1) throw new Unsupported("base_values of two classes");
  const { sum, lastColumn } = compileTrees(lists, "class", 1, () => 0);
  const scores = (columns: readonly Float32Array[]) =>
    (sum(columns)[0] ?? new Float32Array()).map((value) => value + bias);
  if (transform === "NONE" && !negative) {
    return {
      lastColumn,
      width: 2,
      score: (columns) => {
        const second = scores(columns);
        return [second.map((p) => 1 - p), second];
      },
    };
  }
  // Without a negative weight onnxruntime takes the score for a probability already.
  if (transform === "LOGISTIC" && negative) {
    return {
      lastColumn,
      width: 2,
      score: (columns) => {
        const score = scores(columns);
        return [score.map((value) => logistic(-value)), score.map(logistic)];
      },
    };
  }
  throw new Unsupported(`${transform} of two classes`);
}

const FINISH: Readonly<Record<string, (scores: Float32Array[]) => Float32Array[]>> = {
  NONE: (scores) => scores,
  LOGISTIC: (scores) => scores.map((values) => values.map(logistic)),
  SOFTMAX: (scores) => {
    softmax(scores);
    return scores;
  },
};

/** Which classes leaves know, and whether one has a negative weight. */
function surveyClasses(lists: readonly WireList[]): { ids: Set<number>; negative: boolean } {
  const ids = lists.find(({ name }) => name === "class_ids")?.ints();
  const weights = lists.find(({ name }) => name === "class_weights")?.floats();
  const known = new Set<number>();
  while (ids?.done === false) known.add(ids.next());
  let negative = false;
  while (weights?.done === false) negative = weights.next() < 0 || negative;
  return { ids: known, negative };
}

function compileTrees(
  lists: readonly WireList[],
  of: "class" | "target",
  targets: number,
  targetOf: (id: number) => number,
): { sum: ColumnFunction; trees: number; lastColumn: number } {
  const { trees, columns } = readForeignTrees(lists, of, targets, targetOf);
  if (trees.length === 0) throw new Unsupported("no trees");
  const forest: Forest = {
    objective: "regression",
    classes: 0,
    targets,
    columns: columns.length,
    trees,
  };
  const names = columns.map(({ index }) => String(index));
  return {
    trees: trees.length,
    lastColumn: columns.reduce((last, { index }) => Math.max(last, index), 0),
    sum: (input) => {
      const matrix = columns.map((column) => source(input, column));
      return sumTrees(forest, { rows: input[0]?.length ?? 0, columns: matrix, names });
    },
  };
}

function source(input: readonly Float32Array[], { index, test }: SourceColumn): Float32Array {
  const column = input[index] ?? new Float32Array();
  if (test === undefined) return column;
  const among = "among" in test ? new Set(test.among) : undefined;
  return column.map((value) =>
    Number.isNaN(value) ? NaN : Number(among !== undefined && !among.has(value))
  );
}
