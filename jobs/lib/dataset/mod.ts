/**
 * Files in, typed columns and the forest's matrix out.
 *
 * @module
 */
export { circleOf, fieldOfPart } from "./circle.ts";
export * from "./column.ts";
export * from "./constraints/mod.ts";
export * from "./drift/mod.ts";
export * from "./profile/mod.ts";
export * from "./validation/mod.ts";
export {
  encode,
  type EncodedMatrix,
  FIRST_CODE,
  fitEncoding,
  MISSING_CODE,
  UNSEEN_CODE,
} from "./encode.ts";
export { type InferOptions, inferSchema } from "./infer.ts";
export { isoTime, keysOf, packKeys } from "./keys.ts";
export { type ColumnMatch, matchColumns } from "./match.ts";
export { folderOf, isThere, listFiles } from "./list.ts";
export type { GivenTypes } from "./merge.ts";
export { openDataset, type OpenOptions } from "./open.ts";
export * from "./schema.ts";
export { typesOf } from "./schema_types.ts";
export { parseFeatureSchema } from "./schema_json.ts";
export { contentTag } from "./content_tag.ts";
export { allProblems, problemOf, Problems } from "./problems.ts";
export { readableBatches } from "./readable.ts";
export { type JsonValue, rowValues } from "./row_values.ts";
export { type Split, type SplitBy, type SplitOptions, splitRows } from "./split.ts";
export { readTable, take } from "./table.ts";
export { type Labels, takeLabels, type TargetValues, targetValues } from "./target.ts";
