/**
 * Executions on SageMaker: start, look at, stop, resume, list, read the logs of.
 *
 * @module
 */
export * from "./aws.ts";
export * from "./costs.ts";
export * from "./executions.ts";
export { type Attempted, explain } from "./failures.ts";
export { type DefinedStep, stepsOf } from "./graph.ts";
export type { Job } from "./jobs.ts";
export * from "./logs.ts";
export {
  type ExecutionName,
  type JobKind,
  parseExecutionArn,
  pipelineName,
  type PipelineType,
  slotText,
  startToken,
} from "./names.ts";
export * from "../parameters/mod.ts";
export { type Resumed, resumeExecution } from "./resume.ts";
export { type ExecutionStatus, executionStatus, FINAL, type StepStatus } from "./status.ts";
export * from "./wait.ts";
