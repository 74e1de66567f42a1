/**
 * A small language for writing ONNX graphs whose tensors are vectors of N rows and what is computed
 * from them.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/IR.md
 * @module
 */

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "./gen/onnx-ml_pb.ts";

/** Domain of the classical machine learning operators. */
export const ML_DOMAIN = "ai.onnx.ml";

/** The value of an attribute, under the name ONNX has for its kind. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly floats: number[] }
  | { readonly strings: Uint8Array[] };

/** What a node is besides its inputs. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
  /** Says in a viewer what it is for; its operator unless told. Made unique by a number. */
  readonly name?: string;
  /** The exact name of its output; its own name unless told. */
  readonly output?: string;
}

/** Collects nodes, constants, inputs and outputs. A tensor is known by its name. */
export class GraphBuilder {
  readonly #graph: GraphProto;
  readonly #taken: Set<string>;
  readonly #constants = new Map<string, string>();

  /** @param reserved Names of inputs and outputs, which no other tensor gets. */
  constructor(name: string, reserved: Iterable<string>) {
    this.#graph = create(GraphProtoSchema, { name });
    this.#taken = new Set(reserved);
  }

  /** Declares an input of N values. @returns Its name. */
  input(name: string, type: DataType): string {
    this.#graph.input.push(vector(name, type));
    return name;
  }

  /** Declares an output of N values. */
  output(name: string, type: DataType): void {
    this.#graph.output.push(vector(name, type));
  }

  /** Adds a node. @returns The name of its output. */
  node(opType: string, input: string[], options: NodeOptions = {}): string {
    const { attributes = {}, domain = "" } = options;
    // onnxruntime refuses two nodes of one name.
    const name = this.#unique(options.name ?? opType);
    const output = options.output ?? name;
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.#graph.node.push(
      create(NodeProtoSchema, { opType, name, domain, input, output: [output], attribute }),
    );
    return output;
  }

  /** An int64 scalar. */
  int64(value: bigint): string {
    return this.constant(`int ${value}`, { dataType: DataType.INT64, int64Data: [value] });
  }

  /** A float32 scalar. */
  float(value: number): string {
    return this.constant(`float ${value}`, { dataType: DataType.FLOAT, floatData: [value] });
  }

  /** A table of float32, known by its name. */
  floats(name: string, values: Float32Array): string {
    const tensor = { dims: [BigInt(values.length)], dataType: DataType.FLOAT };
    return this.constant(name, { ...tensor, floatData: [...values] });
  }

  /** The list of one axis that some operators take as an input. */
  axis(value: bigint): string {
    const tensor = { dims: [1n], dataType: DataType.INT64, int64Data: [value] };
    return this.constant(`axis ${value}`, tensor);
  }

  /** A constant tensor; asked for again under the same key it is the same one. */
  constant(key: string, tensor: MessageInitShape<typeof TensorProtoSchema>): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.#unique(key);
    this.#graph.initializer.push(create(TensorProtoSchema, { ...tensor, name }));
    this.#constants.set(key, name);
    return name;
  }

  /** The finished graph. */
  build(): GraphProto {
    return this.#graph;
  }

  #unique(base: string): string {
    let name = base;
    for (let n = 2; this.#taken.has(name); n++) name = `${base} ${n}`;
    this.#taken.add(name);
    return name;
  }
}

/** UTF-8, as ONNX stores strings. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function vector(name: string, type: DataType): ValueInfoProto {
  const shape = { dim: [{ value: { case: "dimParam" as const, value: "N" } }] };
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType: type, shape } } },
  });
}

function attributeOf(
  name: string,
  value: Attribute,
): MessageInitShape<typeof AttributeProtoSchema> {
  if ("int" in value) return { name, type: AttributeType.INT, i: BigInt(value.int) };
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  if ("string" in value) return { name, type: AttributeType.STRING, s: bytesOf(value.string) };
  if ("floats" in value) return { name, type: AttributeType.FLOATS, floats: value.floats };
  return { name, type: AttributeType.STRINGS, strings: value.strings };
}
