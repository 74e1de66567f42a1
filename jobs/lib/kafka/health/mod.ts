/**
 * Whether a cluster could be published to, and what goes on in it.
 *
 * @module
 */
export { checkKafka, type CheckKafkaOptions, type KafkaHealth, type KafkaStep } from "./check.ts";
export type { Finding, Step, Verdict } from "./checklist.ts";
export type { StepName } from "./explain.ts";
export {
  aclCommand,
  type Grant,
  type GrantOptions,
  grantsOf,
  type IamPolicy,
  iamPolicy,
} from "./grants.ts";
export type { LagOfGroup } from "./lag.ts";
export { type Monitor, type MonitorOptions, openMonitor, type TopicActivity } from "./monitor.ts";
export { type PlannedTopic, type PlanOptions, planTopics } from "./plan.ts";
export type { Operation } from "../protocol/operations.ts";
export type { RunProgress } from "./run_progress.ts";
