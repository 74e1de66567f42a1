/**
 * Names that follow from an environment, a pipeline and a slot.
 *
 * @module
 */

/** The two pipelines. */
export type PipelineType = "training" | "inference";

/** `ml-platform-staging-training` */
export function pipelineName(environment: string, type: PipelineType): string {
  return `ml-platform-${environment}-${type}`;
}

/** A slot as tokens and run ids spell it: `2026-11-23T02:00:00Z`. */
export function slotText(slot: Date): string {
  return new Date(Math.floor(slot.getTime() / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

/**
 * The token that makes AWS start a slot once, whoever asks for it: EventBridge, GitHub or a person.
 *
 * Another run of a slot, such as one that supersedes the first, is another start.
 *
 * @returns 32 to 128 characters
 */
export function startToken(pipeline: string, slot: Date, runId: string): string {
  const token = `${pipeline}-${slotText(slot)}`;
  return fitting(runId === slotText(slot) ? token : `${token}-${runId}`);
}

/** The token that makes AWS resume an execution once. */
export function resumeToken(pipeline: string, execution: string, attempt: number): string {
  return fitting(`${pipeline}-resume-${execution}-${attempt}`);
}

/** AWS asks for at least 32 characters and takes at most 128. */
function fitting(token: string): string {
  return token.padEnd(32, "-").slice(0, 128);
}

/** What an execution's ARN says. */
export interface ExecutionName {
  /** All of it. */
  readonly arn: string;
  /** Where it is. */
  readonly region: string;
  /** Name of its pipeline. */
  readonly pipeline: string;
  /** The last part of the ARN. */
  readonly id: string;
}

/** Takes an execution's ARN apart; undefined for anything else. */
export function parseExecutionArn(text: string): ExecutionName | undefined {
  const [, region, pipeline, id] =
    /^arn:aws[\w-]*:sagemaker:([a-z0-9-]+):\d{12}:pipeline\/([\w-]+)\/execution\/([\w-]+)$/i
      .exec(text) ?? [];
  return region === undefined || pipeline === undefined || id === undefined
    ? undefined
    : { arn: text, region, pipeline, id };
}

/** Where a job is shown in the console. */
export function consoleLink(region: string, kind: JobKind, job: string): string {
  const page = { processing: "processing-jobs", training: "jobs", tuning: "hyper-tuning-jobs" };
  return `https://${region}.console.aws.amazon.com/sagemaker/home?region=${region}#/${
    page[kind]
  }/${job}`;
}

/** Jobs that steps run. */
export type JobKind = "processing" | "training" | "tuning";

/** Log group of a kind of job. */
export function logGroup(kind: JobKind): string {
  return `/aws/sagemaker/${kind === "processing" ? "ProcessingJobs" : "TrainingJobs"}`;
}
