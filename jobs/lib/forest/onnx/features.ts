/**
 * From the raw columns to the forest's matrix, as ONNX nodes.
 *
 * @module
 */

import {
  type Encoding,
  type Feature,
  FIRST_CODE,
  MISSING_CODE,
  UNSEEN_CODE,
} from "../../dataset/mod.ts";
import { TensorProto_DataType as DataType } from "./gen/onnx-ml_pb.ts";
import { bytesOf, type GraphBuilder, ML_DOMAIN } from "./graph.ts";
import { timestampParts } from "./timestamp.ts";

/** The type of each kind of feature's input. */
export const INPUT_TYPES: Readonly<Record<Feature["kind"], DataType>> = {
  number: DataType.FLOAT,
  boolean: DataType.FLOAT,
  categorical: DataType.STRING,
  timestamp: DataType.INT64,
};

/**
 * Adds an input for each feature, and the nodes that encode and join them.
 *
 * @returns The matrix, float32 [N, columns], its columns in the order of `matrixColumns`.
 */
export function featureMatrix(graph: GraphBuilder, { schema, categories }: Encoding): string {
  const columns = schema.features.flatMap((feature) => {
    const input = graph.input(feature.name, INPUT_TYPES[feature.kind]);
    if (feature.kind === "timestamp") return timestampParts(graph, input, feature.parts);
    if (feature.kind !== "categorical") return [input];
    return [encodeCategories(graph, input, categories.get(feature.name) ?? [])];
  });
  const standing = columns.map((column) => graph.node("Unsqueeze", [column, graph.axis(1n)]));
  return graph.node("Concat", standing, { attributes: { axis: { int: 1 } }, name: "features" });
}

/** A missing string is `""`: neither onnxruntime nor ONNX knows a null in a tensor of strings. */
function encodeCategories(graph: GraphBuilder, input: string, known: readonly string[]): string {
  return graph.node("LabelEncoder", [input], {
    domain: ML_DOMAIN,
    name: `${input} as code`,
    attributes: {
      keys_strings: { strings: ["", ...known].map(bytesOf) },
      values_floats: { floats: [MISSING_CODE, ...known.map((_, i) => FIRST_CODE + i)] },
      default_float: { float: UNSEEN_CODE },
    },
  });
}
