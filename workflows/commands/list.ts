import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { choice, integer, type Options } from "../../jobs/lib/config.ts";
import { type ExecutionSummary, listExecutions, pipelineName } from "../executions/mod.ts";
import { awsOptions, jsonOption, pipelineOptions } from "./options.ts";
import { withAws } from "./target.ts";

const options = {
  ...pipelineOptions,
  limit: { about: "Most executions to list", hint: "N", parse: integer(1, 10_000), fallback: "20" },
  status: {
    about: "Only those with this status",
    hint: "Executing|Stopping|Stopped|Failed|Succeeded",
    parse: choice("Executing", "Stopping", "Stopped", "Failed", "Succeeded"),
  },
  ...awsOptions,
  ...jsonOption,
} satisfies Options;

/** Lists executions. */
export const listCommand: AnyCommand = command({
  usage: "pipeline list training|inference",
  about: "List a pipeline's executions, the newest first",
  options,
  operand: "pipelineType",
  contract: "processing",
  channels: () => ({}),
  run: list,
});

async function list({ values }: Context<typeof options>): Promise<Outcome> {
  const pipeline = pipelineName(values.environment, values.pipelineType);
  const executions: ExecutionSummary[] = [];
  await withAws(values.region, async (aws) => {
    for await (const one of listExecutions(aws, pipeline)) {
      if (values.status !== undefined && one.status !== values.status) continue;
      executions.push(one);
      if (executions.length === values.limit) break;
    }
  });
  return {
    summary: { pipeline, executions },
    ...(values.json ? {} : { text: executions.map(line).join("\n") || `${pipeline}: none` }),
  };
}

function line({ arn, status, started, reason }: ExecutionSummary): string {
  const first = `${started ?? "-"}  ${status.padEnd(10)}  ${arn}`;
  return reason === null ? first : `${first}\n    ${reason}`;
}
