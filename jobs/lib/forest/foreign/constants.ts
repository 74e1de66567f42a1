/**
 * A graph's constant tensors.
 *
 * @module
 */

import { type GraphProto, TensorProto_DataType as DataType } from "../onnx/gen/onnx-ml_pb.ts";

/** A constant: its numbers or strings, row by row. */
export interface Constant {
  readonly shape: readonly number[];
  readonly numbers?: readonly number[];
  readonly strings?: readonly string[];
}

/** The graph's constants of few types: float, double, int32, int64, string. */
export function constantsOf(graph: GraphProto): ReadonlyMap<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializer) {
    const { dataType, rawData } = tensor;
    const shape = tensor.dims.map(Number);
    const raw = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    const each = (bytes: number, read: (at: number) => number) =>
      Array.from({ length: Math.floor(rawData.length / bytes) }, (_, i) => read(i * bytes));
    const given = rawData.length > 0;
    if (dataType === DataType.FLOAT) {
      const numbers = given ? each(4, (at) => raw.getFloat32(at, true)) : tensor.floatData;
      constants.set(tensor.name, { shape, numbers });
    } else if (dataType === DataType.DOUBLE) {
      const numbers = given ? each(8, (at) => raw.getFloat64(at, true)) : tensor.doubleData;
      constants.set(tensor.name, { shape, numbers });
    } else if (dataType === DataType.INT64) {
      const numbers = given
        ? each(8, (at) => Number(raw.getBigInt64(at, true)))
        : tensor.int64Data.map(Number);
      constants.set(tensor.name, { shape, numbers });
    } else if (dataType === DataType.INT32) {
      const numbers = given ? each(4, (at) => raw.getInt32(at, true)) : tensor.int32Data;
      constants.set(tensor.name, { shape, numbers });
    } else if (dataType === DataType.STRING) {
      const decoder = new TextDecoder();
      const strings = tensor.stringData.map((bytes) => decoder.decode(bytes));
      constants.set(tensor.name, { shape, strings });
    }
  }
  return constants;
}
