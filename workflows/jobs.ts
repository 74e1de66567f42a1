/**
 * What the jobs of both pipelines share: where they run, what they may reach, when they are retried.
 *
 * @module
 */
import { type Instances, type RetryPolicy, type Value } from "./definition/mod.ts";
import { environment } from "./variables.ts";

/**
 * SageMaker retries for its own reasons only. A job that failed is not run again: what can be retried
 * the job has retried itself, and the rest is for `resume`.
 */
export const RETRY: readonly RetryPolicy[] = [
  { on: ["Step.SERVICE_FAULT", "Step.THROTTLING"], intervalSeconds: 30, maxAttempts: 5 },
  {
    on: ["SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"],
    intervalSeconds: 60,
    expireAfterMinutes: 120,
  },
];

/** Network, encryption and tags of a job. */
export const SURROUNDINGS = {
  vpc: environment.vpc,
  encryptTraffic: true,
  outputKmsKey: environment.kmsKey,
  tags: { project: "ml-platform", environment: environment.name },
  retry: RETRY,
} as const;

/** Where a job's traces go, in its environment. */
export const TRACES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: environment.otlpEndpoint,
  OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${environment.name}`,
} as const;

/** Machines with an encrypted volume. */
export function machines(
  type: Value<string>,
  count: Value<number>,
  volumeGb: Value<number>,
): Instances {
  return { type, count, volumeGb, kmsKey: environment.kmsKey };
}
