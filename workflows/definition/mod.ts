/**
 * A small typed language for SageMaker pipeline definitions, version 2020-12-01. Source: AWS
 * developer guide, "Pipelines", and the definitions that AWS's Python SDK writes.
 *
 * @module
 */
export * from "./condition.ts";
export {
  execution,
  Expression,
  Get,
  join,
  type PropertyFile,
  type Scalar,
  text,
  type Value,
} from "./expression.ts";
export * from "./difference.ts";
export * from "./fail.ts";
export * from "./inferred_values.ts";
export * from "./invocation.ts";
export type { Environment, Instances, Tags, Vpc } from "./job.ts";
export * from "./parameter.ts";
export * from "./pipeline.ts";
export * from "./processing.ts";
export * from "./register_model.ts";
export type { JobStepOptions, RetriableException, RetryPolicy, Step, StepOptions } from "./step.ts";
export * from "./template.ts";
export {
  type Channel,
  type StoppingCondition,
  training,
  type TrainingJob,
  type TrainingOptions,
  type TrainingStep,
} from "./training.ts";
export * from "./tuning.ts";
export { type Finding, validateDefinition } from "./validation/mod.ts";
export { Variable, variable } from "./variable.ts";
