/**
 * Takes out ZipMap, which makes a map of each row's probabilities: what it reads is what is wanted.
 *
 * @module
 */

import { create } from "@bufbuild/protobuf";
import {
  type GraphProto,
  GraphProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
} from "../onnx/gen/onnx-ml_pb.ts";
import { Attributes } from "./attributes.ts";

/** A graph whose outputs are tensors, and the classes that its maps had. */
export interface UnzippedGraph {
  readonly graph: GraphProto;
  readonly classes: readonly (number | string)[] | undefined;
  /** Indices of the nodes that stayed. */
  readonly kept: readonly number[];
}

/** Replaces outputs that are maps by the tensors of probabilities that they were made of. */
export function withoutZipMaps(graph: GraphProto): UnzippedGraph {
  const sources = new Map<string, string>();
  const kept: number[] = [];
  let classes: readonly (number | string)[] | undefined;
  graph.node.forEach((node, i) => {
    const { opType, input: [input], output: [output] } = node;
    if (opType !== "ZipMap" || input === undefined || output === undefined) {
      kept.push(i);
      return;
    }
    sources.set(output, input);
    const attributes = new Attributes(node);
    classes ??= attributes.ints("classlabels_int64s") ?? attributes.strings("classlabels_strings");
  });
  if (sources.size === 0) return { graph, classes, kept };
  const output = graph.output.map((value) => {
    const name = sources.get(value.name);
    return name === undefined ? value : create(ValueInfoProtoSchema, { name, type: FLOATS });
  });
  const node = kept.flatMap((i) => graph.node[i] ?? []);
  return { graph: create(GraphProtoSchema, { ...graph, node, output }), classes, kept };
}

/** [N, classes]. */
const FLOATS = {
  value: {
    case: "tensorType" as const,
    value: { elemType: DataType.FLOAT, shape: { dim: [{}, {}] } },
  },
};
