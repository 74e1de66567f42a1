import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { choice, type Options } from "../../jobs/lib/config.ts";
import { resumeExecution } from "../executions/mod.ts";
import { awsOptions, executionOptions, jsonOption, waitOptions } from "./options.ts";
import { waited } from "./start.ts";
import { withExecution } from "./target.ts";

const options = {
  ...executionOptions,
  by: {
    about:
      "selection: a new execution of the steps that are left, by the definition deployed now; " +
      "retry: the same execution goes on by its own, with its training checkpoints. For a stopped " +
      "one retry, otherwise selection unless told",
    hint: "selection|retry",
    parse: choice("selection", "retry"),
  },
  ...waitOptions,
  ...awsOptions,
  ...jsonOption,
} satisfies Options;

/** Goes on with an execution. */
export const resumeCommand: AnyCommand = command({
  usage: "pipeline resume ARN|training|inference",
  about: "Go on with a failed or stopped execution from where it ended, as the same run",
  options,
  operand: "execution",
  contract: "processing",
  channels: () => ({}),
  run: resume,
});

async function resume(context: Context<typeof options>): Promise<Outcome> {
  const { values } = context;
  return await withExecution(values, async (aws, execution) => {
    const resumed = await resumeExecution(aws, execution, values.by);
    const { arn, pipeline } = resumed.execution;
    const how = { by: resumed.by, from: execution.arn, selected: resumed.steps };
    if (values.wait) return await waited(aws, resumed.execution, context, { resumed: how });
    return { summary: { status: "resumed", arn, pipeline, ...how } };
  });
}
