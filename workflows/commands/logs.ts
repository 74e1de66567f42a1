import { setTimeout as delay } from "node:timers/promises";
import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { flag, type Options, text } from "../../jobs/lib/config.ts";
import { UsageError } from "../../jobs/lib/errors.ts";
import {
  type Aws,
  type ExecutionName,
  type ExecutionStatus,
  executionStatus,
  FINAL,
  readLog,
  type StepStatus,
} from "../executions/mod.ts";
import { awsOptions, executionOptions, time, waitOptions } from "./options.ts";
import { withExecution } from "./target.ts";

const options = {
  ...executionOptions,
  step: { about: "Only this step's; all unless told", hint: "NAME", parse: text() },
  since: { about: "Only what was written from then on", hint: "TIME", parse: time },
  follow: {
    about: "Go on until the execution has ended",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  pollSeconds: waitOptions.pollSeconds,
  ...awsOptions,
} satisfies Options;

/** Prints what the jobs wrote. */
export const logsCommand: AnyCommand = command({
  usage: "pipeline logs ARN|training|inference",
  about: "Print the logs of an execution's jobs: time, step, machine, line",
  options,
  operand: "execution",
  contract: "processing",
  channels: () => ({}),
  run: logs,
});

async function logs(context: Context<typeof options>): Promise<Outcome> {
  const { values, signal } = context;
  return await withExecution(values, async (aws, execution) => {
    /** By step: how many lines of each machine were printed. */
    const printed = new Map<string, number>();
    while (true) {
      signal.throwIfAborted();
      const status = await executionStatus(aws, execution, new Date());
      for (const step of chosen(status, execution, values.step)) {
        await print(aws, step, printed, context);
      }
      if (!values.follow || FINAL.has(status.status)) {
        const lines = [...printed.values()].reduce((sum, count) => sum + count, 0);
        return { summary: { status: status.status, arn: execution.arn, lines } };
      }
      await delay(values.pollSeconds * 1000, undefined, { signal });
    }
  });
}

async function print(
  aws: Aws,
  { name, job }: StepStatus,
  printed: Map<string, number>,
  { values, print }: Context<typeof options>,
): Promise<void> {
  if (job === null || job.kind === "tuning") return;
  const seen = new Map<string, number>();
  for await (const { time, stream, text } of readLog(aws, job, values.since)) {
    const count = (seen.get(stream) ?? 0) + 1;
    seen.set(stream, count);
    if (count <= (printed.get(stream) ?? 0)) continue;
    const machine = stream.slice(stream.lastIndexOf("/") + 1).replace(/-\d{10,}$/, "");
    print(`${time.toISOString()} ${name} ${machine} ${text}`);
  }
  for (const [stream, count] of seen) printed.set(stream, count);
}

function chosen(
  { steps }: ExecutionStatus,
  { id }: ExecutionName,
  wanted: string | undefined,
): readonly StepStatus[] {
  if (wanted === undefined) return steps;
  const found = steps.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  throw new UsageError({
    code: "pipeline.no-step",
    cannot: `print the log of ${wanted}`,
    found: `execution ${id} began ${steps.map(({ name }) => name).join(", ") || "no step"}`,
    todo: "Name one of these",
    place: { option: "--step" },
  });
}
