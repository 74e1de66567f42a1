/**
 * Models that other tools exported.
 *
 * @module
 */
export type {
  FeedColumn,
  InputType,
  ModelDescription,
  ModelInput,
  ModelTarget,
} from "./describe.ts";
export { type ForeignModel, openForeignModel } from "./open.ts";
