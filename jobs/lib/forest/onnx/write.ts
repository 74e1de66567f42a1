/**
 * A forest to the bytes of `model.onnx`.
 *
 * @module
 */

import { create, toBinary } from "@bufbuild/protobuf";
import type { Encoding, FeatureSchema } from "../../dataset/mod.ts";
import { UsageError } from "../../errors.ts";
import type { Forest } from "../forest.ts";
import { aggregation, TreeLists } from "./ensemble.ts";
import { ModelProtoSchema } from "./gen/onnx-ml_pb.ts";
import { insertTrees } from "./insert.ts";
import { buildGraph, IR_VERSION, LAYOUT, LAYOUT_KEY, OPERATOR_SETS, shapeOf } from "./model.ts";

/** Least bytes that a node takes. */
const NODE_BYTES = 38;
/** Protobuf's limit, and so onnxruntime's. */
const MOST_BYTES = 2 ** 31 - 1;

/** Where a model comes from; kept in the file. */
export interface OnnxMeta {
  /** Program that wrote it. */
  readonly producer: string;
  /** That program's version. */
  readonly version: string;
  /** What trained it. */
  readonly engine?: string;
}

/**
 * Writes a model: a graph from the raw columns, one input each, to `label` and one
 * `probability_<class>` a class, or to `prediction`; all of N rows. The same model gives the same
 * bytes.
 *
 * @throws {UsageError} `model.too-large` if ONNX cannot hold so many nodes.
 * @throws {DataError} `model.name-taken` if a feature has the name of an output.
 * @throws {RangeError} If the forest and the encoding do not fit together, a bug of the caller.
 */
export function writeOnnx(forest: Forest, encoding: Encoding, meta: OnnxMeta): Uint8Array {
  checkFit(forest, encoding.schema);
  checkSize(forest);
  const entries = { [LAYOUT_KEY]: LAYOUT, objective: forest.objective, engine: meta.engine };
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    opsetImport: OPERATOR_SETS,
    producerName: meta.producer,
    producerVersion: meta.version,
    graph: buildGraph(encoding, aggregation(forest.targets)),
    metadataProps: Object.entries(entries).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value }]
    ),
  });
  return insertTrees(toBinary(ModelProtoSchema, model), new TreeLists(forest));
}

function checkFit(forest: Forest, schema: FeatureSchema): void {
  const { columns, classes } = shapeOf(schema);
  if (forest.columns !== columns || forest.classes !== classes) {
    throw new RangeError(
      `the schema has ${columns} columns and ${classes} classes, ` +
        `the forest ${forest.columns} and ${forest.classes}`,
    );
  }
}

function checkSize(forest: Forest): void {
  const nodes = forest.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  if (nodes * NODE_BYTES <= MOST_BYTES) return;
  throw new UsageError({
    code: "model.too-large",
    cannot: "write the model",
    found: `its trees have ${nodes} nodes, more than the 2 GiB of an ONNX file hold`,
    todo: "Train with a lower --max-depth, fewer --n-estimators or a greater --min-samples-leaf",
    place: { option: "max-depth" },
  });
}
