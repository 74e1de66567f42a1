/**
 * From the ensemble's sums to the model's outputs, as ONNX nodes.
 *
 * @module
 */

import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Target } from "../../dataset/mod.ts";
import { TensorProto_DataType as DataType, type TensorProtoSchema } from "./gen/onnx-ml_pb.ts";
import { bytesOf, type GraphBuilder } from "./graph.ts";

/** What predicts a class. */
export type Classification = Extract<Target, { objective: "classification" }>;

/** The names of a model's outputs, in order. */
export function outputNames(target: Target): string[] {
  return target.objective === "regression"
    ? ["prediction"]
    : ["label", ...target.classes.map((value) => `probability_${value}`)];
}

/**
 * Adds the outputs.
 *
 * @param sums Float32 [N, targets].
 */
export function addOutputs(graph: GraphBuilder, sums: string, target: Target): void {
  if (target.objective === "regression") addPrediction(graph, sums);
  else addClasses(graph, sums, target);
}

function addPrediction(graph: GraphBuilder, sums: string): void {
  const [prediction = ""] = outputNames({ objective: "regression", label: "" });
  graph.node("Squeeze", [sums, graph.axis(1n)], { output: prediction });
  graph.output(prediction, DataType.FLOAT);
}

function addClasses(graph: GraphBuilder, sums: string, target: Classification): void {
  const [label = "", ...names] = outputNames(target);
  const probabilities = target.classes.length === 2 ? bothClasses(graph, sums) : sums;
  const index = graph.node("ArgMax", [probabilities], {
    attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
  });
  const classes = classTensor(target);
  graph.node("Gather", [graph.constant("classes", classes), index], { output: label });
  graph.output(label, classes.dataType);
  names.forEach((output, k) => {
    graph.node("Gather", [probabilities, graph.int64(BigInt(k))], {
      attributes: { axis: { int: 1 } },
      output,
    });
    graph.output(output, DataType.FLOAT);
  });
}

/** [N, 1] of the second class's probability to [N, 2]. */
function bothClasses(graph: GraphBuilder, second: string): string {
  const first = graph.node("Sub", [graph.float(1), second]);
  return graph.node("Concat", [first, second], {
    attributes: { axis: { int: 1 } },
    name: "probabilities",
  });
}

type TensorInit = MessageInitShape<typeof TensorProtoSchema> & { readonly dataType: DataType };

function classTensor({ kind, classes }: Classification): TensorInit {
  const dims = [BigInt(classes.length)];
  if (kind === "string") {
    return { dims, dataType: DataType.STRING, stringData: classes.map((c) => bytesOf(String(c))) };
  }
  if (kind === "boolean") return { dims, dataType: DataType.BOOL, int32Data: classes.map(Number) };
  return { dims, dataType: DataType.INT64, int64Data: classes.map((c) => BigInt(c)) };
}
