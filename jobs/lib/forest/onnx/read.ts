/**
 * The bytes of `model.onnx` back to a forest.
 *
 * @module
 */

import { create, toBinary } from "@bufbuild/protobuf";
import type { Encoding, FeatureSchema } from "../../dataset/mod.ts";
import type { Forest } from "../forest.ts";
import { aggregation } from "./ensemble.ts";
import { foreignModel, invalidModel } from "./errors.ts";
import {
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  type NodeProto,
} from "./gen/onnx-ml_pb.ts";
import { buildGraph, ENSEMBLE, LAYOUT, LAYOUT_KEY, OPERATOR_SETS, shapeOf } from "./model.ts";
import { readTrees } from "./read_trees.ts";
import { type SplitModel, splitModel } from "./split.ts";
import { WireError } from "./wire.ts";

/** What `model.onnx` holds. */
export interface OnnxModel {
  /** What predicts. */
  readonly forest: Forest;
  /** What turns raw columns into the forest's matrix. */
  readonly encoding: Encoding;
}

/**
 * Reads a model that `writeOnnx` wrote; the forest predicts exactly what the written one does.
 *
 * The bytes are untrusted. Only the trees and the categories are read from them; the rest of the
 * graph must be, node for node, the one that is written for this schema. Otherwise scoring here and
 * running the graph in onnxruntime would be two different models.
 *
 * @param schema The bundle's.
 * @throws {DataError} `model.onnx-foreign` for a graph that this version does not write,
 *   `model.onnx-invalid` for anything wrong in it.
 */
export function readOnnx(bytes: Uint8Array, schema: FeatureSchema): OnnxModel {
  const { model, lists } = parse(bytes);
  checkLayout(model);
  const { graph } = model;
  const at = graph?.node.findIndex((node) => node.opType === ENSEMBLE) ?? -1;
  if (graph === undefined || at === -1) throw invalidModel("it has no trees");
  checkInputs(graph, schema);
  const shape = shapeOf(schema);
  const encoding = { schema, categories: readCategories(graph, schema) };
  checkRest(graph, encoding, shape.targets);
  try {
    return { forest: { ...shape, trees: readTrees(lists.get(at) ?? [], shape) }, encoding };
  } catch (error) {
    throw error instanceof WireError ? invalidModel(error.message, error) : error;
  }
}

function parse(bytes: Uint8Array): SplitModel {
  try {
    return splitModel(bytes);
  } catch (error) {
    throw invalidModel("it is not an ONNX file", error);
  }
}

function checkLayout({ metadataProps, producerName, opsetImport, functions }: ModelProto): void {
  const layout = metadataProps.find(({ key }) => key === LAYOUT_KEY)?.value;
  if (layout === LAYOUT) {
    const versions = opsetImport.map(({ domain, version }) => `${domain} ${version}`).join();
    const known = OPERATOR_SETS.map(({ domain, version }) => `${domain} ${version}`).join();
    if (versions === known && functions.length === 0) return;
    throw invalidModel("its operators are not those of its layout");
  }
  throw foreignModel(
    layout === undefined
      ? `its producer is ${producerName || "not named"}`
      : `its layout is ${layout}, not ${LAYOUT}`,
  );
}

function checkInputs(graph: GraphProto, schema: FeatureSchema): void {
  const inputs = graph.input.map(({ name }) => name);
  const features = schema.features.map(({ name }) => name);
  const at = features.findIndex((name, i) => name !== inputs[i]);
  if (at === -1 && inputs.length === features.length) return;
  const k = at === -1 ? features.length : at;
  throw invalidModel(
    `input ${k + 1} is ${inputs[k] ?? "missing"} where the feature schema has ` +
      `${features[k] ?? "no more features"}`,
  );
}

function readCategories(graph: GraphProto, schema: FeatureSchema): Map<string, readonly string[]> {
  const encoders = new Map<string, NodeProto>();
  for (const node of graph.node) {
    if (node.opType === "LabelEncoder") encoders.set(node.input[0] ?? "", node);
  }
  const categories = new Map<string, readonly string[]>();
  for (const { name, kind } of schema.features) {
    if (kind !== "categorical") continue;
    const keys = encoders.get(name)?.attribute.find((each) => each.name === "keys_strings");
    categories.set(name, decodeCategories(name, keys?.strings ?? []));
  }
  return categories;
}

function decodeCategories(feature: string, keys: readonly Uint8Array[]): string[] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let decoded: string[];
  try {
    decoded = keys.map((key) => decoder.decode(key));
  } catch (error) {
    throw invalidModel(`a category of ${feature} is not UTF-8`, error);
  }
  if (decoded[0] !== "" || new Set(decoded).size !== decoded.length) {
    throw invalidModel(`the categories of ${feature} are not distinct strings after the empty one`);
  }
  return decoded.slice(1);
}

/** Compares all but the trees with the graph that would be written. */
function checkRest(graph: GraphProto, encoding: Encoding, targets: number): void {
  const found = toBinary(GraphProtoSchema, create(GraphProtoSchema, graph));
  const expected = toBinary(GraphProtoSchema, buildGraph(encoding, aggregation(targets)));
  if (found.length !== expected.length || found.some((byte, i) => byte !== expected[i])) {
    throw invalidModel(
      "its nodes around the trees are not those that belong to the feature schema",
    );
  }
}
