/**
 * What all steps have in common.
 *
 * @module
 */

/** One step of a pipeline. */
export interface Step {
  /** Unique in its pipeline. */
  readonly name: string;
  /** Its entry in a definition. */
  toJSON(): Readonly<Record<string, unknown>>;
}

/** What any step may say about itself. */
export interface StepOptions {
  /** Shown in Studio instead of the name. */
  readonly displayName?: string;
  /** What it does. */
  readonly description?: string;
  /** Steps that must have succeeded; those whose outputs it uses need no mention. */
  readonly dependsOn?: readonly Step[];
}

/** What a step that runs a job may say. */
export interface JobStepOptions extends StepOptions {
  /** When it is tried again. */
  readonly retry?: readonly RetryPolicy[];
  /** How long an equal, successful step of an earlier execution stands for it: `P30D`. */
  readonly cacheFor?: string;
}

/** Why SageMaker tries a step again; the exit code of a job is none of these. */
export type RetriableException =
  | "Step.SERVICE_FAULT"
  | "Step.THROTTLING"
  | "SageMaker.JOB_INTERNAL_ERROR"
  | "SageMaker.CAPACITY_ERROR"
  | "SageMaker.RESOURCE_LIMIT";

/** How often and how long to try again: by attempts or by minutes, not both. */
export type RetryPolicy = {
  /** Why. */
  readonly on: readonly RetriableException[];
  /** Wait before the first retry, 1 unless told. */
  readonly intervalSeconds?: number;
  /** Factor by which each wait is longer than the one before, 2 unless told. */
  readonly backoffRate?: number;
} & ({ readonly maxAttempts: number } | { readonly expireAfterMinutes: number });

/** The entry of a step, with what it shares with others. */
export function stepJson(
  name: string,
  type: string,
  body: Readonly<Record<string, unknown>>,
  options: JobStepOptions,
): Readonly<Record<string, unknown>> {
  const { dependsOn = [], displayName, description, retry, cacheFor } = options;
  return {
    Name: name,
    Type: type,
    DisplayName: displayName,
    Description: description,
    DependsOn: dependsOn.length === 0 ? undefined : dependsOn.map((step) => step.name),
    ...body,
    RetryPolicies: retry?.map(retryJson),
    CacheConfig: cacheFor === undefined ? undefined : { Enabled: true, ExpireAfter: cacheFor },
  };
}

function retryJson(policy: RetryPolicy): Readonly<Record<string, unknown>> {
  const { on, intervalSeconds = 1, backoffRate = 2 } = policy;
  return {
    ExceptionType: on,
    IntervalSeconds: intervalSeconds,
    BackoffRate: backoffRate,
    ...("maxAttempts" in policy
      ? { MaxAttempts: policy.maxAttempts }
      : { ExpireAfterMin: policy.expireAfterMinutes }),
  };
}
