/**
 * How a step can end other than well.
 *
 * @module
 */

/** The exceptions that SageMaker's retry policies know. A job's exit code is none of them. */
export const EXCEPTIONS = [
  "Step.SERVICE_FAULT",
  "Step.THROTTLING",
  "SageMaker.JOB_INTERNAL_ERROR",
  "SageMaker.CAPACITY_ERROR",
  "SageMaker.RESOURCE_LIMIT",
] as const;

/** One of {@linkcode EXCEPTIONS}. */
export type ExceptionType = typeof EXCEPTIONS[number];

/** The platform failed, not the job: what a retry policy can be for. */
export class PlatformFault extends Error {
  /** @param type what a retry policy knows it by */
  constructor(readonly type: ExceptionType, reason: string) {
    super(`${type}: ${reason}`);
    this.name = "PlatformFault";
  }
}

/** The job failed, or a Fail step was reached; trying again would not change it. */
export class StepFailure extends Error {
  /** The exit code of the job, if it is known. */
  readonly exitCode: number | undefined;
  /** Whether a Fail step says so, which ends the execution at once. */
  readonly final: boolean;

  /** See the class. */
  constructor(
    reason: string,
    { exitCode, final = false }: { exitCode?: number; final?: boolean } = {},
  ) {
    super(reason);
    this.name = "StepFailure";
    this.exitCode = exitCode;
    this.final = final;
  }
}
