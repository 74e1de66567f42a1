/**
 * The operators that exporters put around an ensemble, on float tensors [N, columns].
 *
 * @module
 */

import { type NodeProto, TensorProto_DataType as DataType } from "../onnx/gen/onnx-ml_pb.ts";
import { Attributes } from "./attributes.ts";
import type { Constant } from "./constants.ts";
import type { ColumnFunction } from "./ensemble.ts";
import { softmax } from "./post_transform.ts";
import { Unsupported } from "./unsupported.ts";

/** A node's inputs: how many columns a tensor has, or what a constant holds. */
export type Operand = { readonly width: number } | { readonly constant: Constant };

/** What a node computes from the columns of its tensors, one tensor after the other. */
export interface Operator {
  readonly width: number;
  readonly apply: ColumnFunction;
}

/**
 * Compiles a node.
 *
 * @throws {Unsupported} For any other operator, or one used in another way.
 */
export function compileOperator(node: NodeProto, operands: readonly Operand[]): Operator {
  const compile = OPERATORS[node.opType];
  if (compile === undefined) throw new Unsupported(node.opType);
  return compile(operands, new Attributes(node));
}

type Compile = (operands: readonly Operand[], attributes: Attributes) => Operator;

const OPERATORS: Readonly<Record<string, Compile>> = {
  Identity: (operands) => same(onlyTensor(operands)),
  ZipMap: (operands) => same(onlyTensor(operands)),
  Cast: (operands, attributes) => {
    const to = attributes.int("to");
    // Doubles stand between floats only, where exporters add several ensembles up.
    if (to !== DataType.FLOAT && to !== DataType.DOUBLE) throw new Unsupported(`Cast to ${to}`);
    return same(onlyTensor(operands));
  },
  Scaler: (operands, attributes) => {
    const width = onlyTensor(operands);
    const offset = perColumn(attributes.floats("offset") ?? [0], width);
    const scale = perColumn(attributes.floats("scale") ?? [1], width);
    return eachColumn(width, (k) => {
      const [o, s] = [offset[k] ?? 0, scale[k] ?? 1];
      return (value) => Math.fround(value - o) * s;
    });
  },
  Imputer: (operands, attributes) => {
    const width = onlyTensor(operands);
    const imputed = attributes.floats("imputed_value_floats");
    const replaced = attributes.float("replaced_value_float") ?? 0;
    if (imputed === undefined) throw new Unsupported("Imputer of integers");
    const values = perColumn(imputed, width);
    const missing = (value: number) => Number.isNaN(replaced) ? Number.isNaN(value) : false;
    return eachColumn(
      width,
      (k) => (value) => missing(value) || value === replaced ? values[k] ?? NaN : value,
    );
  },
  Exp: (operands) => eachColumn(onlyTensor(operands), () => Math.exp),
  Sigmoid: (operands) => eachColumn(onlyTensor(operands), () => (x) => 1 / (1 + Math.exp(-x))),
  Softmax: (operands, attributes) => {
    const width = onlyTensor(operands);
    const axis = attributes.int("axis") ?? 1;
    if (axis !== 1 && axis !== -1) throw new Unsupported(`Softmax along ${axis}`);
    return {
      width,
      apply: (columns) => {
        const scores = columns.map((column) => column.slice());
        softmax(scores);
        return scores;
      },
    };
  },
  Add: (operands) => arithmetic(operands, (a, b) => a + b),
  Sub: (operands) => arithmetic(operands, (a, b) => a - b),
  Mul: (operands) => arithmetic(operands, (a, b) => a * b),
  Div: (operands) => arithmetic(operands, (a, b) => a / b),
  Sum: (operands) => {
    const widths = operands.map(widthOf);
    const [width = 0] = widths;
    if (widths.some((each) => each !== width)) throw new Unsupported("Sum of different shapes");
    return {
      width,
      apply: (columns) =>
        Array.from({ length: width }, (_, k) => {
          const terms = widths.map((_, t) => columns[t * width + k] ?? new Float32Array());
          return Float32Array.from(
            terms[0] ?? [],
            (_, row) => terms.reduce((sum, term) => sum + (term[row] as number), 0),
          );
        }),
    };
  },
  Concat: (operands, attributes) => {
    const axis = attributes.int("axis");
    if (axis !== 1 && axis !== -1) throw new Unsupported(`Concat along ${axis}`);
    return same(operands.map(widthOf).reduce((sum, width) => sum + width, 0));
  },
  FeatureVectorizer: (operands) =>
    same(operands.map(widthOf).reduce((sum, width) => sum + width, 0)),
  ArrayFeatureExtractor: ([tensor, indices]) => {
    const width = widthOf(tensor);
    const picked = numbersOf(indices);
    if (picked.some((index) => !(index >= 0 && index < width))) throw new Unsupported("indices");
    return {
      width: picked.length,
      apply: (columns) => picked.map((index) => columns[index] ?? new Float32Array()),
    };
  },
  Reshape: ([tensor, shape]) => {
    const width = widthOf(tensor);
    const [rows, columns, ...rest] = numbersOf(shape);
    if (rows !== -1 || columns !== width || rest.length > 0) throw new Unsupported("Reshape");
    return same(width);
  },
};

function same(width: number): Operator {
  return { width, apply: (columns) => [...columns] };
}

function eachColumn(width: number, of: (k: number) => (value: number) => number): Operator {
  const functions = Array.from({ length: width }, (_, k) => of(k));
  return {
    width,
    apply: (columns) =>
      columns.map((column, k) => {
        const apply = functions[k];
        return apply === undefined ? column : Float32Array.from(column, apply);
      }),
  };
}

/** A tensor with a constant, or two tensors; one of them may have a single column. */
function arithmetic(
  [left, right]: readonly Operand[],
  apply: (a: number, b: number) => number,
): Operator {
  const [a, b] = [side(left), side(right)];
  const width = Math.max(a.width, b.width);
  if ([a, b].some((each) => each.width !== width && each.width !== 1)) {
    throw new Unsupported("shapes that do not fit");
  }
  const rightFrom = a.constant === undefined ? a.width : 0;
  return {
    width,
    apply: (columns) =>
      Array.from({ length: width }, (_, k) => {
        const x = operandAt(a, columns, 0, k);
        const y = operandAt(b, columns, rightFrom, k);
        const rows = columns[0]?.length ?? 0;
        return Float32Array.from({ length: rows }, (_, row) => apply(x(row), y(row)));
      }),
  };
}

interface Side {
  readonly width: number;
  readonly constant?: readonly number[];
}

function side(operand: Operand | undefined): Side {
  if (operand === undefined || "width" in operand) return { width: widthOf(operand) };
  const { shape, numbers } = operand.constant;
  // [], [F] or [1, F]: the same for every row.
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  if (numbers === undefined || rows !== 1) throw new Unsupported("a constant for each row");
  return { width: numbers.length, constant: numbers };
}

function operandAt(
  { width, constant }: Side,
  columns: readonly Float32Array[],
  from: number,
  k: number,
): (row: number) => number {
  const at = width === 1 ? 0 : k;
  if (constant !== undefined) {
    const value = Math.fround(constant[at] as number);
    return () => value;
  }
  const column = columns[from + at] ?? new Float32Array();
  return (row) => column[row] as number;
}

function onlyTensor(operands: readonly Operand[]): number {
  if (operands.length !== 1) throw new Unsupported("several inputs");
  return widthOf(operands[0]);
}

function widthOf(operand: Operand | undefined): number {
  if (operand === undefined || !("width" in operand)) throw new Unsupported("a constant input");
  return operand.width;
}

function numbersOf(operand: Operand | undefined): readonly number[] {
  if (operand === undefined || !("constant" in operand)) throw new Unsupported("a computed input");
  const { numbers } = operand.constant;
  if (numbers === undefined) throw new Unsupported("a constant of strings");
  return numbers;
}

function perColumn(values: readonly number[], width: number): readonly number[] {
  if (values.length === width) return values;
  const [value] = values;
  if (values.length !== 1 || value === undefined) throw new Unsupported("a value for each column");
  return new Array<number>(width).fill(value);
}
