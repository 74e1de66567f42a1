import type { Batch, FeatureSchema } from "../lib/dataset/mod.ts";

/** A loaded model: raw rows in, outputs per row out. */
export interface Scorer {
  /** What it takes and predicts. */
  readonly schema: FeatureSchema;
  /** What runs it: the forest it was trained as, trees of another tool, or onnxruntime. */
  readonly engine: "forest" | "trees" | "onnxruntime";
  /** One array a class in the order of the schema's classes, or one of values for a regression. */
  score(batch: Batch): Float32Array[] | Promise<Float32Array[]>;
}
