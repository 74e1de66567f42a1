/**
 * Executes a SageMaker pipeline definition on this machine: the very JSON that is deployed, its jobs
 * as processes, folders in the place of S3.
 *
 * @module
 */
export { type Command, type Commands, readCommands } from "./commands.ts";
export { readDefinition } from "./definition.ts";
export { type Ended, executePipeline } from "./execution.ts";
export type { ExecutionOptions } from "./running.ts";
export { EXCEPTIONS, type ExceptionType } from "./failures.ts";
export { type FolderMap, folderObjects, readFolderMap } from "./folder_objects.ts";
export * from "./images.ts";
export * from "./launch.ts";
export type { Objects, StoredObject } from "./objects.ts";
export {
  type DeclaredParameter,
  type ParameterValues,
  parseAssignments,
  type Scalar,
  settleParameters,
} from "../parameters/mod.ts";
export { requirePrograms } from "./programs.ts";
export { type ExecutionRecord, readRecord, type StepRecord } from "./record.ts";
export { s3Objects } from "./s3_objects.ts";
export type { StepStatus } from "./schedule.ts";
export type {
  Branch,
  LocalDefinition,
  LocalStep,
  ParameterDeclaration,
  PropertyFileDeclaration,
  RetryPolicy,
} from "./shape.ts";
export { splitWords } from "./words.ts";
