/**
 * Parquet in, typed columns and the forest's matrix out.
 *
 * @module
 */
export * from "./column.ts";
export * from "./open.ts";
export * from "./schema.ts";
export { readTable, take } from "./table.ts";
