/**
 * The parameters of an execution: declared by a definition, given as text, the same here and on SageMaker.
 *
 * @module
 */
export * from "./parameters.ts";
