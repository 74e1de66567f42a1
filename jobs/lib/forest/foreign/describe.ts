/**
 * What someone else's model takes and gives, read from its graph.
 *
 * @module
 */

import {
  type GraphProto,
  type NodeProto,
  TensorProto_DataType as DataType,
  type ValueInfoProto,
} from "../onnx/gen/onnx-ml_pb.ts";
import { Attributes } from "./attributes.ts";
import { constantsOf } from "./constants.ts";
import { unusableModel } from "./errors.ts";

/** Types of values that can be fed. */
export type InputType = "float" | "double" | "int32" | "int64" | "boolean" | "string";

/** One input tensor, [N] or [N, width]. */
export interface ModelInput {
  /** As in the graph. */
  readonly name: string;
  /** Of its values. */
  readonly type: InputType;
  /** How many columns it takes; undefined if the graph does not say. */
  readonly width: number | undefined;
  /** 1 for [N], 2 for [N, width]. */
  readonly rank: 1 | 2;
}

/** One column of the inputs: numbers (NaN is missing, booleans are 0 and 1) or strings. */
export type FeedColumn = Float64Array | readonly string[];

/** What is predicted: classes in the order of their probabilities, or a number. */
export type ModelTarget =
  | {
    readonly objective: "classification";
    readonly kind: "integer" | "string";
    readonly classes: readonly (number | string)[];
  }
  | { readonly objective: "regression" };

/** A model seen from outside. */
export interface ModelDescription {
  /** In the graph's order. */
  readonly inputs: readonly ModelInput[];
  /** What is predicted. */
  readonly target: ModelTarget;
  /** The output that holds the probabilities or the prediction. */
  readonly output: string;
  /** The output that holds the class, if there is one. */
  readonly label: string | undefined;
}

const TYPES: Readonly<Partial<Record<DataType, InputType>>> = {
  [DataType.FLOAT]: "float",
  [DataType.DOUBLE]: "double",
  [DataType.INT32]: "int32",
  [DataType.INT64]: "int64",
  [DataType.BOOL]: "boolean",
  [DataType.STRING]: "string",
};

/**
 * Describes a model whose maps of probabilities were taken out, see `withoutZipMaps`.
 *
 * @param maps The classes that those maps had.
 * @throws {DataError} `model.onnx-unusable`
 */
export function describe(
  graph: GraphProto,
  maps: readonly (number | string)[] | undefined,
): ModelDescription {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !constants.has(name)).map(inputOf);
  if (inputs.length === 0) throw unusableModel("it has no input");
  const floats = graph.output.filter((output) => {
    const type = tensorOf(output)?.elemType;
    return type === DataType.FLOAT || type === DataType.DOUBLE;
  });
  const label = graph.output.find((output) => {
    const type = tensorOf(output)?.elemType;
    return type === DataType.INT64 || type === DataType.STRING;
  });
  const [first] = floats;
  if (first === undefined) {
    throw unusableModel(
      label === undefined
        ? "none of its outputs is a tensor of floats"
        : `it predicts ${label.name}, but no probabilities`,
    );
  }
  if (label === undefined && maps === undefined) {
    if (floats.length > 1) throw unusableModel(`it has ${floats.length} outputs of floats`);
    return { inputs, target: { objective: "regression" }, output: first.name, label: undefined };
  }
  const likely = floats.find(({ name }) => name.includes("prob")) ?? first;
  const classes = maps ?? classesOf(graph, [likely.name, ...(label ? [label.name] : [])]);
  if (classes === undefined || classes.length < 2) {
    throw unusableModel("its graph does not name the classes of its probabilities");
  }
  const kind = typeof classes[0] === "string" ? "string" : "integer";
  return {
    inputs,
    target: { objective: "classification", kind, classes },
    output: likely.name,
    label: label?.name,
  };
}

function tensorOf({ type }: ValueInfoProto) {
  return type?.value.case === "tensorType" ? type.value.value : undefined;
}

function inputOf(value: ValueInfoProto): ModelInput {
  const { name } = value;
  const tensor = tensorOf(value);
  const type = TYPES[tensor?.elemType as DataType];
  if (type === undefined) throw unusableModel(`its input ${name} is of a type that is not fed`);
  const dims = tensor?.shape?.dim ?? [];
  if (dims.length !== 1 && dims.length !== 2) {
    throw unusableModel(`its input ${name} has ${dims.length} axes, neither [N] nor [N, columns]`);
  }
  const width = dims[1]?.value;
  if (dims.length === 1) return { name, type, width: 1, rank: 1 };
  const known = width?.case === "dimValue" && width.value > 0n ? Number(width.value) : undefined;
  return { name, type, width: known, rank: 2 };
}

/** The classes that some node before the outputs names. */
function classesOf(
  graph: GraphProto,
  outputs: readonly string[],
): readonly (number | string)[] | undefined {
  const before = nodesBefore(graph, outputs);
  for (const node of before) {
    const attributes = new Attributes(node);
    const named = attributes.ints("classlabels_int64s") ?? attributes.ints("classlabels_ints") ??
      attributes.strings("classlabels_strings");
    if (named !== undefined && named.length > 0) return named;
  }
  // Else the label is looked up by its index.
  const constants = constantsOf(graph);
  for (const { opType, input } of before) {
    if (opType !== "ArrayFeatureExtractor" && opType !== "Gather") continue;
    const constant = constants.get(input[0] ?? "");
    const classes = constant?.strings ?? constant?.numbers;
    if (classes !== undefined && classes.length > 1) return classes;
  }
  return undefined;
}

/** The nodes that outputs need, the nearest first. */
function nodesBefore(graph: GraphProto, outputs: readonly string[]): NodeProto[] {
  const producers = new Map(
    graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)),
  );
  const found = new Set<NodeProto>();
  const names = [...outputs];
  for (let i = 0; i < names.length; i++) {
    const node = producers.get(names[i] ?? "");
    if (node === undefined || found.has(node)) continue;
    found.add(node);
    names.push(...node.input);
  }
  return [...found];
}
