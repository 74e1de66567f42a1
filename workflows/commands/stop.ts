import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import type { Options } from "../../jobs/lib/config.ts";
import { stopExecution, waitForExecution } from "../executions/mod.ts";
import { awsOptions, executionOptions, waitOptions } from "./options.ts";
import { withExecution } from "./target.ts";

const options = {
  ...executionOptions,
  wait: { ...waitOptions.wait, about: "Wait until it has stopped" },
  pollSeconds: waitOptions.pollSeconds,
  ...awsOptions,
} satisfies Options;

/** Stops an execution. */
export const stopCommand: AnyCommand = command({
  usage: "pipeline stop ARN|training|inference",
  about: "Stop an execution; its jobs get two minutes to end, and resume goes on with it",
  options,
  operand: "execution",
  contract: "processing",
  channels: () => ({}),
  run: stop,
});

async function stop({ values, signal, log }: Context<typeof options>): Promise<Outcome> {
  return await withExecution(values, async (aws, execution) => {
    await stopExecution(aws, execution);
    const { arn, pipeline } = execution;
    if (!values.wait) return { summary: { status: "stopping", arn, pipeline } };
    const { pollSeconds } = values;
    const ended = await waitForExecution(aws, execution, { pollSeconds, signal, log });
    return { summary: { status: ended.status.toLowerCase(), arn, pipeline } };
  });
}
