/**
 * What a model takes and what it is to say: the feature schema, found out from data and matched with
 * data, and batches as the numbers that a forest sees.
 *
 * @module
 */
export { circleOf, fieldOfPart } from "./circle.ts";
export {
  encode,
  type EncodedMatrix,
  FIRST_CODE,
  fitEncoding,
  MISSING_CODE,
  UNSEEN_CODE,
} from "./encode.ts";
export { type InferOptions, inferSchema } from "./infer.ts";
export { TargetScan } from "./infer_target.ts";
export { type ColumnMatch, matchColumns } from "./match.ts";
export * from "./schema.ts";
export { parseFeatureSchema } from "./schema_json.ts";
export { typesOf } from "./schema_types.ts";
export { type Labels, takeLabels, type TargetValues, targetValues } from "./target.ts";
