/**
 * Any graph, by onnxruntime compiled to WebAssembly. Loaded only where it is needed: it is large.
 *
 * @module
 */

import { brotliDecompressSync } from "node:zlib";
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import bytes from "onnxruntime-web/ort-wasm-simd-threaded.wasm" with { type: "bytes" };
import { DataError, messageOf } from "../../errors.ts";
import type { FeedColumn, ModelDescription, ModelInput } from "./describe.ts";
import { unusableModel } from "./errors.ts";

/** Feeds columns and gives those of one output. */
export type Run = (columns: readonly FeedColumn[], rows: number) => Promise<Float32Array[]>;

/**
 * Loads a model.
 *
 * @throws {DataError} `model.onnx-unusable` if onnxruntime refuses it.
 */
export async function openSession(model: Uint8Array, description: ModelDescription): Promise<Run> {
  env.wasm.wasmBinary = unpacked(bytes);
  env.wasm.numThreads = 1;
  const { inputs, output } = description;
  const session = await InferenceSession.create(model).catch((error) => {
    throw unusableModel(`onnxruntime refuses it: ${messageOf(error)}`, undefined, error);
  });
  return async (columns, rows) => {
    const feeds: Record<string, Tensor> = {};
    let from = 0;
    for (const input of inputs) {
      const width = input.width ?? 0;
      feeds[input.name] = tensorOf(input, columns.slice(from, from + width), rows);
      from += width;
    }
    const results = await session.run(feeds, [output]);
    const found = results[output];
    if (found === undefined) throw unusableModel(`it has no output ${output}`);
    return columnsOf(found, rows);
  };
}

/** Binaries keep it compressed: it is a tenth of their size, and few models need it. */
function unpacked(wasm: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const plain = wasm[0] === 0 && wasm[1] === 0x61; // "\0asm"
  return plain ? wasm : new Uint8Array(brotliDecompressSync(wasm));
}

function tensorOf(input: ModelInput, columns: readonly FeedColumn[], rows: number): Tensor {
  const shape = input.rank === 1 ? [rows] : [rows, columns.length];
  const at = (i: number) => columns[i % columns.length]?.[Math.floor(i / columns.length)];
  const each = { length: rows * columns.length };
  const number = (i: number) => at(i) as number;
  switch (input.type) {
    case "string":
      return new Tensor("string", Array.from(each, (_, i) => String(at(i))), shape);
    case "float":
      return new Tensor("float32", Float32Array.from(each, (_, i) => number(i)), shape);
    case "double":
      return new Tensor("float64", Float64Array.from(each, (_, i) => number(i)), shape);
    case "int32":
      return new Tensor("int32", Int32Array.from(each, (_, i) => whole(input, number(i))), shape);
    case "int64": {
      const values = BigInt64Array.from(each, (_, i) => BigInt(whole(input, number(i))));
      return new Tensor("int64", values, shape);
    }
    case "boolean":
      return new Tensor("bool", Uint8Array.from(each, (_, i) => whole(input, number(i))), shape);
  }
}

function whole({ name, type }: ModelInput, value: number): number {
  if (Number.isInteger(value)) return value;
  throw new DataError({
    code: "data.value-unusable",
    cannot: "score the data",
    found:
      `${Number.isNaN(value) ? "a value is missing" : `there is ${value}`} where the model's ` +
      `input ${name} takes ${type}`,
    todo: "Fill the values in, or export the model with inputs of floats",
  });
}

function columnsOf({ data, dims }: Tensor, rows: number): Float32Array[] {
  const width = dims.slice(1).reduce((product, size) => product * size, 1);
  if (dims[0] !== rows || !(data instanceof Float32Array || data instanceof Float64Array)) {
    throw unusableModel(`its output has the shape [${dims.join(", ")}] for ${rows} rows`);
  }
  return Array.from(
    { length: width },
    (_, k) => Float32Array.from({ length: rows }, (_, row) => data[row * width + k] as number),
  );
}
