/**
 * Models that other tools exported.
 *
 * @module
 */
export type { InputType, ModelDescription, ModelInput, ModelTarget } from "./describe.ts";
export { type FeedColumn, type ForeignModel, openForeignModel } from "./open.ts";
