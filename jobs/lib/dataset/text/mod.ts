/**
 * CSV and NDJSON, plain and packed: a convenience for small data.
 *
 * @module
 */
export { columnOf } from "./columns.ts";
export { openTextFile } from "./file.ts";
export type { TextRows } from "./rows.ts";
export { mergeSeen, misfit, oddCell, type Seen, Sights, typeOfSeen } from "./seen.ts";
