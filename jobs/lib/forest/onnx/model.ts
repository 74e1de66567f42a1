/**
 * The whole graph: raw columns in, label and probabilities or prediction out.
 *
 * @module
 */

import { type Encoding, type FeatureSchema, matrixColumns } from "../../dataset/mod.ts";
import { DataError } from "../../errors.ts";
import type { Forest } from "../forest.ts";
import { featureMatrix } from "./features.ts";
import type { GraphProto } from "./gen/onnx-ml_pb.ts";
import { type Attribute, GraphBuilder, ML_DOMAIN } from "./graph.ts";
import { addOutputs, outputNames } from "./outputs.ts";

/** Version of the file format, one that every onnxruntime since 1.16 reads. */
export const IR_VERSION = 8n;
/** The operators, likewise. */
export const OPERATOR_SETS = [{ domain: "", version: 17n }, { domain: ML_DOMAIN, version: 3n }];
/** The operator that holds the forest. */
export const ENSEMBLE = "TreeEnsembleRegressor";
/** Key in the model's metadata of the version of this graph's layout. */
export const LAYOUT_KEY = "forest.layout";
/** Grows when {@linkcode buildGraph} makes another graph for the same forest. */
export const LAYOUT = "1";

/**
 * Builds the graph around an ensemble.
 *
 * @throws {DataError} `model.name-taken`, see {@linkcode checkFeatureNames}.
 */
export function buildGraph(
  encoding: Encoding,
  ensemble: Readonly<Record<string, Attribute>>,
): GraphProto {
  const { schema } = encoding;
  checkFeatureNames(schema);
  const inputs = schema.features.map((feature) => feature.name);
  const graph = new GraphBuilder("forest", [...inputs, ...outputNames(schema.target)]);
  const matrix = featureMatrix(graph, encoding);
  const sums = graph.node(ENSEMBLE, [matrix], {
    domain: ML_DOMAIN,
    name: "forest",
    attributes: ensemble,
  });
  addOutputs(graph, sums, schema.target);
  return graph.build();
}

/** What a forest for this schema looks like from outside. */
export function shapeOf(schema: FeatureSchema): Omit<Forest, "trees"> {
  const { target } = schema;
  const classes = target.objective === "classification" ? target.classes.length : 0;
  return {
    objective: target.objective,
    classes,
    targets: classes === 0 || classes === 2 ? 1 : classes,
    columns: matrixColumns(schema).length,
  };
}

/**
 * Refuses feature names that the graph cannot have as inputs; worth asking before training.
 *
 * @throws {DataError} `model.name-taken` for a name that one of the outputs has, or an empty one.
 */
export function checkFeatureNames(schema: FeatureSchema): void {
  const outputs = outputNames(schema.target);
  for (const { name } of schema.features) {
    if (name !== "" && !outputs.includes(name)) continue;
    throw new DataError({
      code: "model.name-taken",
      cannot: "make a model of these features",
      found: name === ""
        ? "a feature's name is empty"
        : `the feature ${name} has the name of one of the model's outputs`,
      todo: "Rename the column or drop it",
      place: { column: name },
    });
  }
}
