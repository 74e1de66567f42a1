/**
 * The forest as the attributes of one TreeEnsembleRegressor.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/Operators-ml.md#ai.onnx.ml.TreeEnsembleRegressor
 * @module
 */

import type { Forest, Tree } from "../forest.ts";
import { LEAF } from "../tree_table.ts";
import { type Attribute, bytesOf } from "./graph.ts";

/** The modes of a node: a leaf, or "true, that is left, if the value is at most the node's". */
export const MODES = { leaf: "LEAF", split: "BRANCH_LEQ" } as const;

/** The same objects for every node: a forest has millions. */
const LEAF_MODE = bytesOf(MODES.leaf);
const SPLIT_MODE = bytesOf(MODES.split);

/** Writes a forest; nodes in the order of each tree, leaves' values that are 0 left out. */
export function ensembleAttributes(forest: Forest): Readonly<Record<string, Attribute>> {
  const nodes = new NodeLists();
  const values = new ValueLists();
  const ids = new Ids();
  forest.trees.forEach((tree, t) => {
    for (let node = 0; node < tree.feature.length; node++) {
      nodes.add(tree, ids.of(t), node, ids);
      if (tree.feature[node] === LEAF) values.add(tree, ids.of(t), node, ids, forest.targets);
    }
  });
  return { ...aggregation(forest.targets), ...nodes.attributes(), ...values.attributes() };
}

/** The attributes that do not hold trees: the values are added up, and nothing is done to the sums. */
export function aggregation(targets: number): Readonly<Record<string, Attribute>> {
  return {
    aggregate_function: { string: "SUM" },
    n_targets: { int: targets },
    post_transform: { string: "NONE" },
  };
}

class NodeLists {
  readonly #trees: bigint[] = [];
  readonly #nodes: bigint[] = [];
  readonly #features: bigint[] = [];
  readonly #modes: Uint8Array[] = [];
  readonly #thresholds: number[] = [];
  readonly #left: bigint[] = [];
  readonly #right: bigint[] = [];
  readonly #missingLeft: bigint[] = [];

  add(tree: Tree, treeId: bigint, node: number, ids: Ids): void {
    const feature = tree.feature[node] as number;
    this.#trees.push(treeId);
    this.#nodes.push(ids.of(node));
    this.#features.push(ids.of(feature === LEAF ? 0 : feature));
    this.#modes.push(feature === LEAF ? LEAF_MODE : SPLIT_MODE);
    this.#thresholds.push(tree.threshold[node] as number);
    this.#left.push(ids.of(tree.left[node] as number));
    this.#right.push(ids.of(tree.right[node] as number));
    this.#missingLeft.push(ids.of(tree.missingLeft[node] as number));
  }

  attributes(): Readonly<Record<string, Attribute>> {
    return {
      nodes_falsenodeids: { ints: this.#right },
      nodes_featureids: { ints: this.#features },
      nodes_missing_value_tracks_true: { ints: this.#missingLeft },
      nodes_modes: { strings: this.#modes },
      nodes_nodeids: { ints: this.#nodes },
      nodes_treeids: { ints: this.#trees },
      nodes_truenodeids: { ints: this.#left },
      nodes_values: { floats: this.#thresholds },
    };
  }
}

class ValueLists {
  readonly #trees: bigint[] = [];
  readonly #nodes: bigint[] = [];
  readonly #targets: bigint[] = [];
  readonly #weights: number[] = [];

  add(tree: Tree, treeId: bigint, node: number, ids: Ids, targets: number): void {
    for (let k = 0; k < targets; k++) {
      const weight = tree.value[node * targets + k] as number;
      // A leaf needs one value at least.
      if (weight === 0 && k > 0) continue;
      this.#trees.push(treeId);
      this.#nodes.push(ids.of(node));
      this.#targets.push(ids.of(k));
      this.#weights.push(weight);
    }
  }

  attributes(): Readonly<Record<string, Attribute>> {
    return {
      target_ids: { ints: this.#targets },
      target_nodeids: { ints: this.#nodes },
      target_treeids: { ints: this.#trees },
      target_weights: { floats: this.#weights },
    };
  }
}

/** Small numbers as bigint, made once each: the attributes' integers are 64 bits wide. */
class Ids {
  readonly #made: bigint[] = [];

  of(id: number): bigint {
    while (this.#made.length <= id) this.#made.push(BigInt(this.#made.length));
    return this.#made[id] as bigint;
  }
}
