/**
 * How an execution stands: its steps, their times and reasons, what they cost, where to look.
 *
 * @module
 */
import type { PipelineExecutionStep } from "@aws-sdk/client-sagemaker";
import type { Aws } from "./aws.ts";
import { describeJob, type Job } from "./jobs.ts";
import type { ExecutionName } from "./names.ts";

/** One step of an execution. */
export interface StepStatus {
  /** Its name in the definition. */
  readonly name: string;
  /** As SageMaker calls it. */
  readonly status: string;
  /** ISO 8601. */
  readonly started: string | null;
  /** ISO 8601; null while it runs. */
  readonly ended: string | null;
  /** Wall time so far. */
  readonly seconds: number | null;
  /** Why it failed. */
  readonly reason: string | null;
  /** True where an earlier execution's result was taken. */
  readonly cached: boolean;
  /** Of a condition: what it decided. */
  readonly outcome: string | null;
  /** The job that it began, if any. */
  readonly job: Job | null;
}

/** An execution. */
export interface ExecutionStatus {
  /** Its ARN. */
  readonly arn: string;
  /** Name of its pipeline. */
  readonly pipeline: string;
  /** As SageMaker calls it. */
  readonly status: string;
  /** ISO 8601. */
  readonly started: string | null;
  /** ISO 8601; null while it runs. */
  readonly ended: string | null;
  /** Why it failed. */
  readonly reason: string | null;
  /** Those that were begun, in that order. */
  readonly steps: readonly StepStatus[];
  /** Where the console shows it. */
  readonly link: string;
}

/** Statuses that do not change any more. */
export const FINAL: ReadonlySet<string> = new Set(["Succeeded", "Failed", "Stopped"]);

/** Reads how an execution stands, with the jobs of its steps. */
export async function executionStatus(
  aws: Aws,
  { arn, id, pipeline, region }: ExecutionName,
  now: Date,
): Promise<ExecutionStatus> {
  const purpose = `look at execution ${id} of ${pipeline}`;
  // The steps after the status: one that is final then has final steps.
  const described = await aws.sagemaker(
    "DescribePipelineExecution",
    purpose,
    (client) => client.describePipelineExecution({ PipelineExecutionArn: arn }),
  );
  const steps = await listSteps(aws, arn, purpose);
  const status = described.PipelineExecutionStatus ?? "Unknown";
  return {
    arn,
    pipeline,
    status,
    started: text(described.CreationTime),
    ended: FINAL.has(status) ? text(described.LastModifiedTime) : null,
    reason: described.FailureReason ?? null,
    steps: await Promise.all(steps.map((step) => stepStatus(aws, step, now))),
    link: `https://${region}.console.aws.amazon.com/sagemaker/home?region=${region}` +
      `#/pipelines/${pipeline}/executions/${id}`,
  };
}

/** The steps that were begun, in that order. */
export async function listSteps(
  aws: Aws,
  arn: string,
  purpose: string,
): Promise<PipelineExecutionStep[]> {
  const steps: PipelineExecutionStep[] = [];
  let token: string | undefined;
  do {
    const page = await aws.sagemaker(
      "ListPipelineExecutionSteps",
      purpose,
      (client) =>
        client.listPipelineExecutionSteps({
          PipelineExecutionArn: arn,
          SortOrder: "Ascending",
          ...(token === undefined ? {} : { NextToken: token }),
        }),
    );
    steps.push(...page.PipelineExecutionSteps ?? []);
    token = page.NextToken;
  } while (token !== undefined);
  return steps;
}

async function stepStatus(aws: Aws, step: PipelineExecutionStep, now: Date): Promise<StepStatus> {
  const { StartTime: start, EndTime: end, Metadata: metadata, CacheHitResult: cache } = step;
  const cached = cache?.SourcePipelineExecutionArn !== undefined;
  return {
    name: step.StepName ?? "",
    status: step.StepStatus ?? "Unknown",
    started: text(start),
    ended: text(end),
    seconds: start === undefined ? null : secondsBetween(start, end ?? now),
    reason: metadata?.Fail?.ErrorMessage ?? step.FailureReason ?? null,
    cached,
    outcome: metadata?.Condition?.Outcome ?? null,
    job: metadata === undefined ? null : await describeJob(aws, metadata, now) ?? null,
  };
}

function secondsBetween(start: Date, end: Date): number {
  return Math.max(0, Math.round((end.getTime() - start.getTime()) / 1000));
}

function text(date: Date | undefined): string | null {
  return date?.toISOString() ?? null;
}
