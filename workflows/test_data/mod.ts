/**
 * Generated data with which a pipeline shows that it works, and a corrupted variant with which it must
 * fail.
 *
 * @module
 */
export * from "./check.ts";
export { BAYES_ACCURACY, TOLERANCE } from "./rows.ts";
export * from "./values.ts";
export * from "./write.ts";
