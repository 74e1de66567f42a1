/**
 * Starting, stopping, listing and finding executions.
 *
 * @module
 */
import type { StartPipelineExecutionCommandInput } from "@aws-sdk/client-sagemaker";
import { UsageError } from "../../jobs/lib/errors.ts";
import type { Aws } from "./aws.ts";
import { type ExecutionName, parseExecutionArn, slotText, startToken } from "./names.ts";
import { checkParameters, type DeclaredParameter, declaredParameters } from "../parameters/mod.ts";

/** What is started. */
export interface StartOptions {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Nominal time. */
  readonly slot: Date;
  /** Names the run; the slot unless told. */
  readonly runId?: string | undefined;
  /** Values of parameters by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Steps that may run at the same time, unlike the deployed pipeline's. */
  readonly parallelism?: number | undefined;
}

/** What was started. */
export interface Started extends ExecutionName {
  /** Names the run. */
  readonly runId: string;
  /** Nominal time. */
  readonly slot: string;
}

/**
 * Starts an execution, once for a slot: asked again, AWS answers with the same execution.
 *
 * @throws {UsageError} `pipeline.parameter-invalid`
 */
export async function startExecution(aws: Aws, options: StartOptions): Promise<Started> {
  const { pipeline, slot, runId = slotText(slot) } = options;
  const declared = declaredParameters(await deployedDefinition(aws, pipeline));
  const request = startRequest(options, declared);
  const { PipelineExecutionArn: arn = "" } = await aws.sagemaker(
    "StartPipelineExecution",
    `start ${pipeline}`,
    (client) => client.startPipelineExecution(request),
  );
  return { ...executionName(arn), runId, slot: slotText(slot) };
}

/** The definition that is deployed under a name, as JSON. */
export async function deployedDefinition(aws: Aws, pipeline: string): Promise<unknown> {
  const { PipelineDefinition: text = "" } = await aws.sagemaker(
    "DescribePipeline",
    `look at ${pipeline}`,
    (client) => client.describePipeline({ PipelineName: pipeline }),
  );
  return JSON.parse(text);
}

/** One execution of a list. */
export interface ExecutionSummary {
  /** Its ARN. */
  readonly arn: string;
  /** As SageMaker calls it. */
  readonly status: string;
  /** ISO 8601. */
  readonly started: string | null;
  /** Why it failed. */
  readonly reason: string | null;
}

/** Executions of a pipeline, the newest first. */
export async function* listExecutions(
  aws: Aws,
  pipeline: string,
): AsyncGenerator<ExecutionSummary> {
  let token: string | undefined;
  do {
    const page = await aws.sagemaker(
      "ListPipelineExecutions",
      `list the executions of ${pipeline}`,
      (client) =>
        client.listPipelineExecutions({
          PipelineName: pipeline,
          SortBy: "CreationTime",
          SortOrder: "Descending",
          ...(token === undefined ? {} : { NextToken: token }),
        }),
    );
    for (const one of page.PipelineExecutionSummaries ?? []) {
      yield {
        arn: one.PipelineExecutionArn ?? "",
        status: one.PipelineExecutionStatus ?? "Unknown",
        started: one.StartTime?.toISOString() ?? null,
        reason: one.PipelineExecutionFailureReason ?? null,
      };
    }
    token = page.NextToken;
  } while (token !== undefined);
}

/**
 * Finds an execution: by its ARN, or the newest of a pipeline.
 *
 * @throws {UsageError} `pipeline.no-execution`
 */
export async function findExecution(
  aws: Aws,
  of: { readonly arn: string } | { readonly pipeline: string },
): Promise<ExecutionName> {
  if ("arn" in of) return executionName(of.arn);
  for await (const { arn } of listExecutions(aws, of.pipeline)) return executionName(arn);
  throw new UsageError({
    code: "pipeline.no-execution",
    cannot: `find an execution of ${of.pipeline}`,
    found: "it has none",
    todo: "Start one with deno task pipeline start",
  });
}

/** Asks SageMaker to stop an execution; its jobs get two minutes to end. */
export async function stopExecution(aws: Aws, { arn, id, pipeline }: ExecutionName): Promise<void> {
  await aws.sagemaker(
    "StopPipelineExecution",
    `stop execution ${id} of ${pipeline}`,
    (client) =>
      client.stopPipelineExecution({
        PipelineExecutionArn: arn,
        ClientRequestToken: `${pipeline}-stop-${id}`.padEnd(32, "-").slice(0, 128),
      }),
  );
}

/** What is given, and what names the run and its slot where the definition has it. */
function startRequest(
  { pipeline, slot, runId = slotText(slot), parameters, parallelism }: StartOptions,
  declared: readonly DeclaredParameter[],
): StartPipelineExecutionCommandInput {
  const names = new Set(declared.map(({ Name }) => Name));
  const named = Object.entries({ RunId: runId, ScheduledTime: slotText(slot) })
    .filter(([name]) => names.has(name));
  const values = { ...Object.fromEntries(named), ...parameters };
  checkParameters(declared, values);
  return {
    PipelineName: pipeline,
    ClientRequestToken: startToken(pipeline, slot, runId),
    PipelineParameters: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
    ...(parallelism === undefined
      ? {}
      : { ParallelismConfiguration: { MaxParallelExecutionSteps: parallelism } }),
  };
}

function executionName(arn: string): ExecutionName {
  const name = parseExecutionArn(arn);
  if (name !== undefined) return name;
  throw new UsageError({
    code: "pipeline.arn-invalid",
    cannot: "find the execution",
    found: `${JSON.stringify(arn)} is no ARN of one`,
    todo:
      "Give arn:aws:sagemaker:REGION:ACCOUNT:pipeline/NAME/execution/ID, or training or inference",
  });
}
