import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import type { Options } from "../../jobs/lib/config.ts";
import {
  type Aws,
  estimateCosts,
  type ExecutionName,
  parseAssignments,
  pipelineName,
  startExecution,
  waitForExecution,
} from "../executions/mod.ts";
import {
  awsOptions,
  jsonOption,
  parameterOptions,
  pipelineOptions,
  time,
  waitOptions,
} from "./options.ts";
import { failureOf, statusText } from "./report.ts";
import { withAws } from "./target.ts";

const options = {
  ...pipelineOptions,
  scheduledTime: {
    about: "Nominal time, the slot: one slot starts once; now unless told",
    hint: "TIME",
    parse: time,
  },
  runId: {
    about: "Names the run; the slot unless told. Another run of a slot is another start",
    hint: "ID",
    parse: runId,
  },
  ...parameterOptions,
  ...waitOptions,
  ...awsOptions,
  ...jsonOption,
} satisfies Options;

/** Starts an execution on SageMaker. */
export const startCommand: AnyCommand = command({
  usage: "pipeline start training|inference",
  about: [
    "Start a pipeline on SageMaker",
    "The parameters are checked against the deployed definition first. A slot that was started is not",
    "started again: the answer is the same execution.",
  ].join("\n"),
  options,
  operand: "pipelineType",
  contract: "processing",
  channels: () => ({}),
  run: start,
});

async function start(context: Context<typeof options>): Promise<Outcome> {
  const { values } = context;
  const parameters = parseAssignments(values.set);
  return await withAws(values.region, async (aws) => {
    const started = await startExecution(aws, {
      pipeline: pipelineName(values.environment, values.pipelineType),
      slot: values.scheduledTime ?? new Date(),
      runId: values.runId,
      parameters,
      parallelism: values.parallelism,
    });
    const { arn, runId, slot } = started;
    if (values.wait) return await waited(aws, started, context, { run_id: runId, slot });
    return {
      summary: { status: "started", arn, pipeline: started.pipeline, run_id: runId, slot },
    };
  });
}

/** Waits for an execution and tells how it ended. */
export async function waited(
  aws: Aws,
  execution: ExecutionName,
  { values, signal, log }: Pick<
    Context<typeof waitOptions & typeof jsonOption>,
    "values" | "signal" | "log"
  >,
  more: Readonly<Record<string, unknown>> = {},
  prices: Readonly<Record<string, number>> = {},
): Promise<Outcome> {
  const { pollSeconds, json } = values;
  const status = await waitForExecution(aws, execution, { pollSeconds, signal, log });
  const costs = estimateCosts(status.steps, prices);
  const failure = failureOf(status);
  return {
    summary: { ...status, ...more, costs },
    ...(json ? {} : { text: statusText(status, costs) }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function runId(value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/.test(value)) {
    throw new Error(
      "it must be 1 to 128 letters, digits, '.', '_', ':', '+' or '-', starting with one of the " +
        "first two",
    );
  }
  return value;
}
