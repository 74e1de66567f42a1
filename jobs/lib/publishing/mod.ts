/**
 * Predictions as messages, and where they go.
 *
 * @module
 */
export * from "./delivered.ts";
export * from "./file_sink.ts";
export * from "./message.ts";
export * from "./packed.ts";
export * from "./progress.ts";
export * from "./schema.ts";
export * from "./sink.ts";
export * from "./split.ts";
export { readVarint, sizeOfVarint, writeVarint } from "./varint.ts";
