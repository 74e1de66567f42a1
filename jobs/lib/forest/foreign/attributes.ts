/**
 * The attributes of a node.
 *
 * @module
 */

import { AttributeProto_AttributeType as Type, type NodeProto } from "../onnx/gen/onnx-ml_pb.ts";

/** Reads a node's attributes by name; one that is missing or of another type is undefined. */
export class Attributes {
  readonly #node: NodeProto;

  constructor(node: NodeProto) {
    this.#node = node;
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    return this.#node.attribute.some((each) => each.name === name);
  }

  /** An integer. */
  int(name: string): number | undefined {
    const found = this.#find(name, Type.INT);
    return found === undefined ? undefined : Number(found.i);
  }

  /** A float. */
  float(name: string): number | undefined {
    return this.#find(name, Type.FLOAT)?.f;
  }

  /** A string. */
  string(name: string): string | undefined {
    const found = this.#find(name, Type.STRING);
    return found === undefined ? undefined : new TextDecoder().decode(found.s);
  }

  /** A list of integers. */
  ints(name: string): number[] | undefined {
    return this.#find(name, Type.INTS)?.ints.map(Number);
  }

  /** A list of floats. */
  floats(name: string): number[] | undefined {
    return this.#find(name, Type.FLOATS)?.floats;
  }

  /** A list of strings. */
  strings(name: string): string[] | undefined {
    const decoder = new TextDecoder();
    return this.#find(name, Type.STRINGS)?.strings.map((bytes) => decoder.decode(bytes));
  }

  #find(name: string, type: Type) {
    return this.#node.attribute.find((each) => each.name === name && each.type === type);
  }
}
