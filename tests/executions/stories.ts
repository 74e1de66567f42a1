/**
 * Executions as they go in the double: their steps and jobs.
 *
 * @module
 */
import {
  type DefinitionName,
  definitionTemplate,
  withExamples,
} from "../../workflows/synthesis.ts";
import { renderTemplate } from "../../workflows/definition/mod.ts";
import { Double, type Execution, type Step } from "./double.ts";

/** Names of our pipelines in the environment `staging`. */
export const TRAINING = "ml-platform-staging-training";
export const INFERENCE = "ml-platform-staging-inference";

/** A double in which both pipelines are deployed. */
export function deployed(): Double {
  const double = new Double();
  double.pipelines.set(TRAINING, definition("training"));
  double.pipelines.set(INFERENCE, definition("inference"));
  return double;
}

/** The text that Terraform deploys. */
export function definition(name: DefinitionName, values = {}): string {
  // Without spaces, as Terraform sends it after jsonencode.
  const json = JSON.parse(renderTemplate(definitionTemplate(name), withExamples(values)));
  return JSON.stringify(json);
}

/** A step that ran for a minute. */
export function step(StepName: string, StepStatus = "Succeeded", more: Partial<Step> = {}): Step {
  const StartTime = 1_700_000_000;
  const ended = StepStatus === "Executing" ? {} : { EndTime: StartTime + 60 };
  return { StepName, StepStatus, StartTime, ...ended, AttemptCount: 1, ...more };
}

/** A step with a processing job, whose log is there too. */
export function processingStep(
  double: Double,
  name: string,
  { status = "Succeeded", message, machines = 1, log = [] }: {
    status?: string;
    message?: string;
    machines?: number;
    log?: string[];
  } = {},
): Step {
  const job = `pipelines-${name}-job`;
  double.jobs.set(job, {
    ProcessingJobName: job,
    ProcessingResources: {
      ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: machines, VolumeSizeInGB: 30 },
    },
    ProcessingStartTime: 1_700_000_000,
    ProcessingEndTime: 1_700_001_800,
    ExitMessage: message,
  });
  for (let machine = 1; machine <= machines; machine++) {
    double.logs.set(`${job}/algo-${machine}-1700000000`, log.map((line) => `${line} ${machine}`));
  }
  return step(name, status, {
    ...(status === "Failed" ? { FailureReason: "ClientError: exit code 4" } : {}),
    Metadata: {
      ProcessingJob: { Arn: `arn:aws:sagemaker:eu-west-1:123456789012:processing-job/${job}` },
    },
  });
}

/** The inference pipeline until it is scored and complete, a look at a time. */
export function succeed(double: Double): (execution: Execution) => void {
  return (execution) =>
    execution.script.push(
      (one) => one.steps = [step("Check", "Executing")],
      (one) =>
        one.steps = [
          processingStep(double, "Check"),
          step("FitToScore", "Succeeded", { Metadata: { Condition: { Outcome: "True" } } }),
          step("Score", "Executing"),
        ],
      (one) => {
        one.steps = [
          ...one.steps.slice(0, 2),
          processingStep(double, "Score", { machines: 2 }),
          processingStep(double, "Complete"),
        ];
        one.status = "Succeeded";
      },
    );
}

/** The steps of an inference whose scoring failed. */
export function failedScoring(double: Double): Step[] {
  return [
    processingStep(double, "Check"),
    step("FitToScore", "Succeeded", { Metadata: { Condition: { Outcome: "True" } } }),
    processingStep(double, "Score", {
      status: "Failed",
      message: "Cannot publish: the brokers are away.",
      machines: 2,
      log: ["connecting", "still connecting", "giving up"],
    }),
  ];
}
