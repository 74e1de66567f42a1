/**
 * The forest as the attributes of one TreeEnsembleRegressor.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/Operators-ml.md#ai.onnx.ml.TreeEnsembleRegressor
 * @module
 */

import type { Forest, Tree } from "../forest.ts";
import { LEAF } from "../tree_table.ts";
import { AttributeProto_AttributeType as AttributeType } from "./gen/onnx-ml_pb.ts";
import { type Attribute, bytesOf } from "./graph.ts";
import { varintSize, WIRE, type WireWriter } from "./wire.ts";

/** The modes of a node: a leaf, or "true, that is left, if the value is at most the node's". */
export const MODES = { leaf: "LEAF", split: "BRANCH_LEQ" } as const;

const LEAF_MODE = bytesOf(MODES.leaf);
const SPLIT_MODE = bytesOf(MODES.split);

/** Bytes of a node in the lists, and of a value of a leaf: numbers up to 2²¹ take four. */
const NODE_BYTES = 30;
const VALUE_BYTES = 13;

/**
 * About how many bytes the model of a forest will have: worth asking after the first trees. Measured
 * sizes are at most a tenth below it; with many classes less, as leaves leave out those they lack.
 *
 * @param nodes Of all trees, leaves too.
 * @param targets Values a leaf holds, see {@linkcode Forest.targets}.
 */
export function bundleBytes(nodes: number, targets: number): number {
  return Math.ceil(nodes * NODE_BYTES + nodes / 2 * targets * VALUE_BYTES);
}

/** The attributes that do not hold trees: the values are added up, and nothing is done to the sums. */
export function aggregation(targets: number): Readonly<Record<string, Attribute>> {
  return {
    aggregate_function: { string: "SUM" },
    n_targets: { int: targets },
    post_transform: { string: "NONE" },
  };
}

/** The attributes that hold a forest's trees, ready to be written. */
export class TreeLists {
  /** Bytes that {@linkcode write} writes. */
  readonly size: number;
  readonly #forest: Forest;
  readonly #lengths: readonly number[];

  constructor(forest: Forest) {
    this.#forest = forest;
    this.#lengths = LISTS.map((list) => {
      let length = headSize(list) + TYPE_SIZE;
      list.visit(forest, (value) => length += valueSize(list, value));
      return length;
    });
    this.size = this.#lengths.reduce(
      (sum, length) => sum + TAG_SIZE + varintSize(length) + length,
      0,
    );
  }

  /** Writes them as fields of a NodeProto, as the protobuf library would. */
  write(writer: WireWriter): void {
    LISTS.forEach((list, i) => {
      writer.tag(FIELD.attribute, WIRE.bytes);
      writer.varint(this.#lengths[i] as number);
      writer.tag(FIELD.name, WIRE.bytes);
      writer.bytes(bytesOf(list.name));
      list.visit(this.#forest, (value) => writeValue(writer, list, value));
      writer.tag(FIELD.type, WIRE.varint);
      writer.varint(TYPES[list.kind]);
    });
  }
}

/** Fields of NodeProto and AttributeProto. */
const FIELD = { attribute: 5, name: 1, floats: 7, ints: 8, strings: 9, type: 20 } as const;
const TYPES = {
  ints: AttributeType.INTS,
  floats: AttributeType.FLOATS,
  strings: AttributeType.STRINGS,
};
/** Of the tag of every field up to 15. */
const TAG_SIZE = 1;
/** The tag of the type and the type. */
const TYPE_SIZE = 3;

/** One attribute: its name and its entries. Strings are the modes. */
interface List {
  readonly name: string;
  readonly kind: "ints" | "floats" | "strings";
  visit(forest: Forest, each: (value: number) => void): void;
}

/** In the order of the attributes' names within nodes, and within leaves' values. */
const LISTS: readonly List[] = [
  ofNodes("nodes_falsenodeids", "ints", (tree, node) => tree.right[node] as number),
  ofNodes("nodes_featureids", "ints", (tree, node) => Math.max(0, tree.feature[node] as number)),
  ofNodes("nodes_missing_value_tracks_true", "ints", (tree, node) => {
    return tree.missingLeft[node] as number;
  }),
  ofNodes("nodes_modes", "strings", (tree, node) => Number(tree.feature[node] === LEAF)),
  ofNodes("nodes_nodeids", "ints", (_tree, node) => node),
  ofNodes("nodes_treeids", "ints", (_tree, _node, t) => t),
  ofNodes("nodes_truenodeids", "ints", (tree, node) => tree.left[node] as number),
  ofNodes("nodes_values", "floats", (tree, node) => tree.threshold[node] as number),
  ofValues("target_ids", "ints", (_tree, _node, target) => target),
  ofValues("target_nodeids", "ints", (_tree, node) => node),
  ofValues("target_treeids", "ints", (_tree, _node, _target, t) => t),
  ofValues("target_weights", "floats", (tree, node, target, _t, targets) => {
    return tree.value[node * targets + target] as number;
  }),
];

/** A list with one entry a node, in the order of the trees and their nodes. */
function ofNodes(
  name: string,
  kind: List["kind"],
  value: (tree: Tree, node: number, t: number) => number,
): List {
  return {
    name,
    kind,
    visit: ({ trees }, each) => {
      trees.forEach((tree, t) => {
        for (let node = 0; node < tree.feature.length; node++) each(value(tree, node, t));
      });
    },
  };
}

/** A list with one entry a value of a leaf; those that are 0 are left out. */
function ofValues(
  name: string,
  kind: List["kind"],
  value: (tree: Tree, node: number, target: number, t: number, targets: number) => number,
): List {
  return {
    name,
    kind,
    visit: ({ trees, targets }, each) => {
      trees.forEach((tree, t) => {
        for (let node = 0; node < tree.feature.length; node++) {
          if (tree.feature[node] !== LEAF) continue;
          for (let target = 0; target < targets; target++) {
            // A leaf needs one value at least.
            if (target > 0 && tree.value[node * targets + target] === 0) continue;
            each(value(tree, node, target, t, targets));
          }
        }
      });
    },
  };
}

function headSize({ name }: List): number {
  return TAG_SIZE + varintSize(name.length) + name.length;
}

function valueSize({ kind }: List, value: number): number {
  if (kind === "ints") return TAG_SIZE + varintSize(value);
  if (kind === "floats") return TAG_SIZE + 4;
  return TAG_SIZE + 1 + modeOf(value).length;
}

function writeValue(writer: WireWriter, { kind }: List, value: number): void {
  if (kind === "ints") {
    writer.tag(FIELD.ints, WIRE.varint);
    writer.varint(value);
  } else if (kind === "floats") {
    writer.tag(FIELD.floats, WIRE.fixed32);
    writer.float(value);
  } else {
    writer.tag(FIELD.strings, WIRE.bytes);
    writer.bytes(modeOf(value));
  }
}

/** Of an entry of the modes' list. */
function modeOf(leaf: number): Uint8Array {
  return leaf === 1 ? LEAF_MODE : SPLIT_MODE;
}
