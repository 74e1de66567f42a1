/**
 * A graph with tree ensembles in the fast form.
 *
 * @module
 */

import type { GraphProto, NodeProto } from "../onnx/gen/onnx-ml_pb.ts";
import { ML_DOMAIN } from "../onnx/graph.ts";
import type { WireList } from "../onnx/lists.ts";
import { type Constant, constantsOf } from "./constants.ts";
import type { ModelInput } from "./describe.ts";
import { compileEnsemble } from "./ensemble.ts";
import { compileOperator, type Operand } from "./operators.ts";
import { Unsupported } from "./unsupported.ts";

/** A tensor: how many columns it has, and what computes them from those of all inputs. */
export interface CompiledTensor {
  readonly width: number;
  readonly compute: (inputs: readonly Float32Array[]) => Float32Array[];
}

/**
 * Compiles what an output needs.
 *
 * @throws {Unsupported} Where onnxruntime must do it.
 */
export function compileGraph(
  graph: GraphProto,
  lists: ReadonlyMap<number, readonly WireList[]>,
  inputs: readonly ModelInput[],
  output: string,
): CompiledTensor {
  return new Compiler(graph, lists, inputs).tensor(output);
}

class Compiler {
  readonly #constants: ReadonlyMap<string, Constant>;
  readonly #inputs = new Map<string, CompiledTensor>();
  readonly #needCast = new Set<string>();
  readonly #producers = new Map<string, { node: NodeProto; output: number }>();
  readonly #lists = new Map<NodeProto, readonly WireList[]>();

  constructor(
    graph: GraphProto,
    lists: ReadonlyMap<number, readonly WireList[]>,
    inputs: readonly ModelInput[],
  ) {
    this.#constants = constantsOf(graph);
    graph.node.forEach((node, i) => {
      this.#lists.set(node, lists.get(i) ?? []);
      node.output.forEach((name, output) => this.#producers.set(name, { node, output }));
    });
    let from = 0;
    for (const { name, type, width } of inputs) {
      if (width === undefined) throw new Unsupported("an input of unknown width");
      if (type === "string") throw new Unsupported("an input of strings");
      const start = from;
      from += width;
      this.#inputs.set(name, {
        width,
        compute: (columns) => columns.slice(start, start + width),
      });
      if (type !== "float") this.#needCast.add(name);
    }
  }

  /** @param depth How far from the output; a graph has no cycles, but a file may. */
  tensor(name: string, depth = 0, castBy?: string): CompiledTensor {
    const input = this.#inputs.get(name);
    if (input !== undefined) {
      if (this.#needCast.has(name) && castBy !== "Cast") throw new Unsupported("an input's type");
      return input;
    }
    const producer = this.#producers.get(name);
    if (producer === undefined || depth > 100) throw new Unsupported(`the tensor ${name}`);
    const { node, output } = producer;
    return node.opType.startsWith("TreeEnsemble")
      ? this.#ensemble(node, output, depth)
      : this.#operator(node, output, depth);
  }

  #ensemble(node: NodeProto, output: number, depth: number): CompiledTensor {
    const [input] = node.input;
    const scores = node.opType === "TreeEnsembleClassifier" ? 1 : 0;
    if (node.domain !== ML_DOMAIN || input === undefined || output !== scores) {
      throw new Unsupported("another output of an ensemble");
    }
    const tensor = this.tensor(input, depth + 1);
    const ensemble = compileEnsemble(node, this.#lists.get(node) ?? []);
    if (ensemble.lastColumn >= tensor.width) throw new Unsupported("a feature that is not there");
    return {
      width: ensemble.width,
      compute: (columns) => ensemble.score(tensor.compute(columns)),
    };
  }

  #operator(node: NodeProto, output: number, depth: number): CompiledTensor {
    if (output !== 0) throw new Unsupported("a second output");
    const tensors: CompiledTensor[] = [];
    const operands = node.input.map((name): Operand => {
      const constant = this.#constants.get(name);
      if (constant !== undefined) return { constant };
      const tensor = this.tensor(name, depth + 1, node.opType);
      tensors.push(tensor);
      return tensor;
    });
    const { width, apply } = compileOperator(node, operands);
    return { width, compute: (columns) => apply(tensors.flatMap((t) => t.compute(columns))) };
  }
}
