/**
 * Small texts under keys, in a folder or on S3: written once, read by everybody.
 *
 * @module
 */
export { openStorage } from "./open.ts";
export type { Storage } from "./storage.ts";
