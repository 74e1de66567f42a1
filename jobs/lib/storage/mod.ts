/**
 * Texts and bytes under keys, in a folder or on S3: written once, read by everybody.
 *
 * @module
 */
export { type ObjectReader, openObject } from "./object_reader.ts";
export { openStorage } from "./open.ts";
export type { Purpose, Storage } from "./storage.ts";
export { readWholeFile } from "./whole_file.ts";
export {
  bucketAndKey,
  listObjects,
  listPrefix,
  type ObjectInfo,
  objectInfo,
  putObject,
} from "./objects.ts";
export { openUrl } from "./urls.ts";
export { type UploadContent, uploadObject, type UploadOptions } from "./upload.ts";
export { contentRange } from "./validators.ts";
