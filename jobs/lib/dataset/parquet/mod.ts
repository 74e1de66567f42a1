/**
 * Parquet files: what their footers say, checked before it is believed, and their rows as batches.
 *
 * @module
 */
export { openParquetFile } from "./file.ts";
