/**
 * What a parquet file says of itself, checked before the decoder believes it.
 *
 * @module
 */
export { checkChunk } from "./chunk.ts";
export { type Chunk, type Footer, readFooter, type RowGroup } from "./footer.ts";
export type { Meaning } from "./schema.ts";
export { Malformed, type PagePlace } from "./malformed.ts";
