/**
 * Files in, typed columns and the forest's matrix out.
 *
 * @module
 */
export * from "./column.ts";
export * from "./constraints/mod.ts";
export * from "./drift/mod.ts";
export * from "./features/mod.ts";
export * from "./profile/mod.ts";
export * from "./validation/mod.ts";
export { contentTag } from "./content_tag.ts";
export { isoTime, keysOf, packKeys } from "./keys.ts";
export { folderOf, isThere, listFiles } from "./list.ts";
export type { GivenTypes } from "./merge.ts";
export { openDataset, type OpenOptions } from "./open.ts";
export { allProblems, problemOf, Problems } from "./problems.ts";
export { readableBatches } from "./readable.ts";
export { type JsonValue, rowValues } from "./row_values.ts";
export { type Split, type SplitBy, type SplitOptions, splitRows } from "./split.ts";
export { readTable, take } from "./table.ts";
