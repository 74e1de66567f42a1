/**
 * Going on with an execution that ended early.
 *
 * @module
 */
import type { PipelineExecutionStep } from "@aws-sdk/client-sagemaker";
import { UsageError } from "../../jobs/lib/errors.ts";
import type { Aws } from "./aws.ts";
import { type DefinedStep, definedSteps } from "./graph.ts";
import { type ExecutionName, parseExecutionArn, resumeToken } from "./names.ts";
import { FINAL, listSteps } from "./status.ts";

/** What was resumed, and how. */
export interface Resumed {
  /** The one that goes on: the same or a new one. */
  readonly execution: ExecutionName;
  /**
   * `selection`: a new execution of the steps that are left, by the definition that is deployed now.
   * `retry`: the same execution goes on by its own definition.
   */
  readonly by: "selection" | "retry";
  /** Steps that run, as far as it is known. */
  readonly steps: readonly string[];
}

/**
 * Resumes an execution with the same parameters, and so the same run id: the steps that succeeded are
 * not run again.
 *
 * A failed one becomes a new execution of the steps that are left, so that a mended definition counts.
 * A stopped one, which SageMaker takes no selection of, or one that is to keep its training
 * checkpoints, goes on itself.
 *
 * @throws {UsageError} `pipeline.not-resumable`
 */
export async function resumeExecution(
  aws: Aws,
  execution: ExecutionName,
  by?: "selection" | "retry",
): Promise<Resumed> {
  const { arn, id, pipeline } = execution;
  const purpose = `resume execution ${id} of ${pipeline}`;
  const { PipelineExecutionStatus: status = "Unknown", ParallelismConfiguration: parallelism } =
    await aws.sagemaker(
      "DescribePipelineExecution",
      purpose,
      (client) => client.describePipelineExecution({ PipelineExecutionArn: arn }),
    );
  if (!FINAL.has(status)) throw notResumable(purpose, `it is ${status}`, "Wait for it, or stop it");
  if (status === "Succeeded") {
    throw notResumable(purpose, "it has succeeded", "Start a new run with another --run-id");
  }
  const steps = await listSteps(aws, arn, purpose);
  refuseDeliberate(purpose, steps);
  const way = by ?? (status === "Failed" ? "selection" : "retry");
  if (way === "selection" && status !== "Failed") {
    throw notResumable(
      purpose,
      "SageMaker takes a selection of failed executions only",
      "Use retry",
    );
  }
  const attempt = steps.reduce((sum, step) => sum + (step.AttemptCount ?? 0), 0);
  const token = resumeToken(pipeline, id, attempt);
  const parallel = parallelism === undefined ? {} : { ParallelismConfiguration: parallelism };
  if (way === "retry") {
    await aws.sagemaker(
      "RetryPipelineExecution",
      purpose,
      (client) =>
        client.retryPipelineExecution({
          PipelineExecutionArn: arn,
          ClientRequestToken: token,
          ...parallel,
        }),
    );
    return { execution, by: way, steps: [] };
  }
  const selected = remainingSteps(await definedSteps(aws, execution), steps);
  const started = await aws.sagemaker(
    "StartPipelineExecution",
    purpose,
    async (client) =>
      await client.startPipelineExecution({
        PipelineName: pipeline,
        ClientRequestToken: token,
        PipelineParameters: await parametersOf(aws, execution),
        SelectiveExecutionConfig: {
          SourcePipelineExecutionArn: arn,
          SelectedSteps: selected.map((StepName) => ({ StepName })),
        },
        ...parallel,
      }),
  );
  const resumed = parseExecutionArn(started.PipelineExecutionArn ?? "");
  return { execution: resumed ?? execution, by: way, steps: selected };
}

/**
 * The steps to run again: what has not succeeded, and the conditions around it, which decide again on
 * the same files. They are connected, as SageMaker asks, since all that depends on a step that did not
 * succeed did not run either.
 */
export function remainingSteps(
  defined: readonly DefinedStep[],
  steps: readonly Pick<PipelineExecutionStep, "StepName" | "StepStatus">[],
): string[] {
  const succeeded = new Set(
    steps.filter(({ StepStatus }) => StepStatus === "Succeeded").map(({ StepName }) => StepName),
  );
  // A condition that chose a branch did not run the other one, which is nothing to make up for.
  const begun = new Set(steps.map(({ StepName }) => StepName));
  const left = defined.filter(({ name, branch }) => {
    if (succeeded.has(name)) return false;
    if (branch === undefined || !succeeded.has(branch.condition)) return true;
    return defined.some((other) =>
      other.branch?.condition === branch.condition && other.branch.side === branch.side &&
      begun.has(other.name)
    );
  });
  const around = new Set(left.flatMap(({ branch }) => branch?.condition ?? []));
  return defined
    .filter((step) => left.includes(step) || around.has(step.name))
    .map(({ name }) => name);
}

async function parametersOf(aws: Aws, { arn, id, pipeline }: ExecutionName) {
  const parameters = [];
  let token: string | undefined;
  do {
    const page = await aws.sagemaker(
      "ListPipelineParametersForExecution",
      `read the parameters of execution ${id} of ${pipeline}`,
      (client) =>
        client.listPipelineParametersForExecution({
          PipelineExecutionArn: arn,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
    );
    parameters.push(...page.PipelineParameters ?? []);
    token = page.NextToken;
  } while (token !== undefined);
  return parameters;
}

/** A pipeline that ended in a Fail step did what it was told to. */
function refuseDeliberate(purpose: string, steps: readonly PipelineExecutionStep[]): void {
  const failed = steps.filter(({ StepStatus }) => StepStatus === "Failed");
  const deliberate = failed.find(({ Metadata }) => Metadata?.Fail !== undefined);
  if (deliberate === undefined || failed.length > 1) return;
  throw notResumable(
    purpose,
    `it ended in ${deliberate.StepName}: ${deliberate.Metadata?.Fail?.ErrorMessage ?? ""}`,
    "It would end there again; mend the reason and start a new run",
  );
}

function notResumable(cannot: string, found: string, todo: string): UsageError {
  return new UsageError({ code: "pipeline.not-resumable", cannot, found, todo });
}
