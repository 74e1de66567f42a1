/**
 * Someone else's model, ready to predict.
 *
 * @module
 */

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "../onnx/gen/onnx-ml_pb.ts";
import { type SplitModel, splitModel } from "../onnx/split.ts";
import { WireError } from "../onnx/wire.ts";
import { type CompiledTensor, compileGraph } from "./compile.ts";
import { describe, type FeedColumn, type ModelDescription } from "./describe.ts";
import { brokenModel, unusableModel } from "./errors.ts";
import { Unsupported } from "./unsupported.ts";
import { type UnzippedGraph, withoutZipMaps } from "./zip_map.ts";

/** See the module's description. */
export interface ForeignModel {
  /** What it takes and gives; the inputs' widths are known. */
  readonly description: ModelDescription;
  /** What runs it: our own trees, or onnxruntime for graphs that are more than trees. */
  readonly engine: "trees" | "onnxruntime";
  /**
   * Predicts.
   *
   * @param columns Of all inputs, one after the other.
   * @returns One array a class, or one of predictions.
   */
  predict(columns: readonly FeedColumn[], rows: number): Promise<Float32Array[]>;
}

/**
 * Opens a model that scikit-learn, LightGBM, XGBoost or anything else exported.
 *
 * @param columns How many columns the data has for it, for graphs that do not say.
 * @throws {DataError} `model.onnx-invalid` for a damaged file, `model.onnx-unusable` for a model whose
 *   inputs or outputs cannot be brought together with a table's rows.
 */
export async function openForeignModel(bytes: Uint8Array, columns?: number): Promise<ForeignModel> {
  const { model, lists } = parse(bytes);
  if (model.graph === undefined) throw brokenModel(new Error("it has no graph"));
  const unzipped = withoutZipMaps(model.graph);
  const description = withWidths(describe(unzipped.graph, unzipped.classes), columns);
  const compiled = compileTrees(unzipped, lists, description);
  if (compiled !== undefined) {
    checkWidth(description, compiled.width);
    return {
      description,
      engine: "trees",
      predict: (input) => Promise.resolve(compiled.compute(input.map(toFloat))),
    };
  }
  const { openSession } = await import("./runtime.ts");
  const run = await openSession(withoutMaps(bytes, unzipped), description);
  return {
    description,
    engine: "onnxruntime",
    predict: async (input, rows) => {
      const outputs = await run(input, rows);
      checkWidth(description, outputs.length);
      return outputs;
    },
  };
}

function parse(bytes: Uint8Array): SplitModel {
  try {
    return splitModel(bytes);
  } catch (error) {
    throw brokenModel(error);
  }
}

/** An input that takes any number of columns gets as many as there are. */
function withWidths(description: ModelDescription, columns: number | undefined): ModelDescription {
  const open = description.inputs.filter(({ width }) => width === undefined);
  if (open.length === 0) return description;
  const taken = description.inputs.reduce((sum, { width = 0 }) => sum + width, 0);
  if (columns === undefined || open.length > 1 || columns <= taken) {
    throw unusableModel(`its input ${open[0]?.name} does not say how many columns it takes`);
  }
  const inputs = description.inputs.map((input) => ({
    ...input,
    width: input.width ?? columns - taken,
  }));
  return { ...description, inputs };
}

function compileTrees(
  { graph, kept }: UnzippedGraph,
  lists: SplitModel["lists"],
  { inputs, output }: ModelDescription,
): CompiledTensor | undefined {
  const ofKept = new Map(kept.map((original, i) => [i, lists.get(original) ?? []]));
  try {
    return compileGraph(graph, ofKept, inputs, output);
  } catch (error) {
    if (error instanceof WireError) throw brokenModel(error);
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

function checkWidth({ target, output }: ModelDescription, width: number): void {
  const expected = target.objective === "classification" ? target.classes.length : 1;
  if (width === expected) return;
  throw unusableModel(
    `its output ${output} has ${width} columns where ${expected} ` +
      `${expected === 1 ? "is" : "are"} published`,
  );
}

/** The file without the maps, which onnxruntime for the web cannot give out. */
function withoutMaps(bytes: Uint8Array, { classes }: UnzippedGraph): Uint8Array {
  if (classes === undefined) return bytes;
  const model = fromBinary(ModelProtoSchema, bytes);
  if (model.graph !== undefined) model.graph = withoutZipMaps(model.graph).graph;
  return toBinary(ModelProtoSchema, model);
}

function toFloat(column: FeedColumn): Float32Array {
  return Float32Array.from(column, Number);
}
