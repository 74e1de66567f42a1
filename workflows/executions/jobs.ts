import type { PipelineExecutionStepMetadata } from "@aws-sdk/client-sagemaker";
import type { Aws } from "./aws.ts";
import { consoleLink, type JobKind } from "./names.ts";

/** The job of a step. */
export interface Job {
  /** What SageMaker runs it as. */
  readonly kind: JobKind;
  /** Its name. */
  readonly name: string;
  /** Type of its machines; null where SageMaker does not say. */
  readonly instanceType: string | null;
  /** How many machines. */
  readonly instanceCount: number;
  /** What is paid for, of all machines together. */
  readonly instanceSeconds: number;
  /** The end of what a container wrote to say how it went. */
  readonly message: string | null;
  /** Where the console shows it. */
  readonly link: string;
}

/** Looks at the job that a step began; undefined for a step without one. */
export async function describeJob(
  aws: Aws,
  { ProcessingJob, TrainingJob, TuningJob }: PipelineExecutionStepMetadata,
  now: Date,
): Promise<Job | undefined> {
  if (ProcessingJob?.Arn !== undefined) {
    return await processing(aws, nameOf(ProcessingJob.Arn), now);
  }
  if (TrainingJob?.Arn !== undefined) return await training(aws, nameOf(TrainingJob.Arn), now);
  if (TuningJob?.Arn !== undefined) return await tuning(aws, nameOf(TuningJob.Arn));
  return undefined;
}

async function processing(aws: Aws, name: string, now: Date): Promise<Job> {
  const job = await aws.sagemaker(
    "DescribeProcessingJob",
    `look at the processing job ${name}`,
    (client) => client.describeProcessingJob({ ProcessingJobName: name }),
  );
  const cluster = job.ProcessingResources?.ClusterConfig;
  const count = cluster?.InstanceCount ?? 1;
  return {
    kind: "processing",
    name,
    instanceType: cluster?.InstanceType ?? null,
    instanceCount: count,
    instanceSeconds: count * secondsOf(job.ProcessingStartTime, job.ProcessingEndTime, now),
    message: job.FailureReason ?? job.ExitMessage ?? null,
    link: consoleLink(aws.region, "processing", name),
  };
}

async function training(aws: Aws, name: string, now: Date): Promise<Job> {
  const job = await aws.sagemaker(
    "DescribeTrainingJob",
    `look at the training job ${name}`,
    (client) => client.describeTrainingJob({ TrainingJobName: name }),
  );
  const count = job.ResourceConfig?.InstanceCount ?? 1;
  // What is billed is less than what passed on spot instances.
  const seconds = job.BillableTimeInSeconds ??
    secondsOf(job.TrainingStartTime, job.TrainingEndTime, now);
  return {
    kind: "training",
    name,
    instanceType: job.ResourceConfig?.InstanceType ?? null,
    instanceCount: count,
    instanceSeconds: count * seconds,
    message: job.FailureReason ?? null,
    link: consoleLink(aws.region, "training", name),
  };
}

async function tuning(aws: Aws, name: string): Promise<Job> {
  const job = await aws.sagemaker(
    "DescribeHyperParameterTuningJob",
    `look at the tuning job ${name}`,
    (client) => client.describeHyperParameterTuningJob({ HyperParameterTuningJobName: name }),
  );
  const resources = job.TrainingJobDefinition?.ResourceConfig;
  const count = resources?.InstanceCount ?? 1;
  return {
    kind: "tuning",
    name,
    instanceType: resources?.InstanceType ?? null,
    instanceCount: count,
    instanceSeconds: count * (job.ConsumedResources?.RuntimeInSeconds ?? 0),
    message: job.FailureReason ?? null,
    link: consoleLink(aws.region, "tuning", name),
  };
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

function secondsOf(start: Date | undefined, end: Date | undefined, now: Date): number {
  if (start === undefined) return 0;
  return Math.max(0, Math.round(((end ?? now).getTime() - start.getTime()) / 1000));
}
