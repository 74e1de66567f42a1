import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { integer, type Options } from "../../jobs/lib/config.ts";
import { DependencyError, messageOf, PlatformError, UsageError } from "../../jobs/lib/errors.ts";
import {
  type Aws,
  declaredParameters,
  deployedDefinition,
  parseAssignments,
  pipelineName,
  slotText,
  startExecution,
  waitForExecution,
} from "../executions/mod.ts";
import { daysBetween, slotOf } from "./days.ts";
import {
  awsOptions,
  jsonOption,
  parameterOptions,
  pipelineOptions,
  waitOptions,
} from "./options.ts";
import { failureOf } from "./report.ts";
import { withAws } from "./target.ts";

const options = {
  environment: pipelineOptions.environment,
  pipelineType: { ...pipelineOptions.pipelineType, required: false, fallback: "inference" },
  from: { about: "First day of data", hint: "YYYY-MM-DD", parse: day, required: true },
  to: { about: "Last day of data", hint: "YYYY-MM-DD", parse: day, required: true },
  at: {
    about: "Time of the schedule, UTC: with it the runs are those that the schedule would start",
    hint: "HH:MM",
    parse: minutes,
    fallback: "06:00",
  },
  parallel: {
    about: "Executions at the same time",
    hint: "N",
    parse: integer(1, 50),
    fallback: "1",
  },
  ...parameterOptions,
  pollSeconds: waitOptions.pollSeconds,
  ...awsOptions,
  ...jsonOption,
} satisfies Options;

/** Runs a pipeline for past days. */
export const backfillCommand: AnyCommand = command({
  usage: "pipeline backfill",
  about: [
    "Run a pipeline for each of some past days, and wait for all of them; exit 4 if one failed",
    "The day's run is that of the schedule, InputLagDays later: what has run already is not run again.",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: backfill,
});

/** What became of a day. */
interface DayResult {
  readonly day: string;
  readonly run_id: string;
  readonly status: string;
  readonly arn: string | null;
  readonly reason: string | null;
}

async function backfill(context: Context<typeof options>): Promise<Outcome> {
  const { values, signal } = context;
  const days = daysBetween(values.from, values.to);
  if (days.length === 0) throw backwards();
  const parameters = parseAssignments(values.set);
  const results = await withAws(values.region, async (aws) => {
    const pipeline = pipelineName(values.environment, values.pipelineType);
    const lag = await lagDays(aws, pipeline, parameters);
    const queue = [...days];
    const done: DayResult[] = [];
    const work = async () => {
      for (let day = queue.shift(); day !== undefined; day = queue.shift()) {
        signal.throwIfAborted();
        const slot = slotOf(day, lag, values.at);
        done.push(await runDay(aws, { pipeline, day, slot, parameters }, context));
      }
    };
    await Promise.all(Array.from({ length: Math.min(values.parallel, days.length) }, work));
    return done.toSorted((a, b) => a.day < b.day ? -1 : 1);
  });
  const failed = results.filter(({ status }) => status !== "Succeeded");
  return {
    summary: { status: failed.length === 0 ? "complete" : "incomplete", days: results },
    ...(values.json ? {} : { text: results.map(line).join("\n") }),
    ...(failed.length === 0 ? {} : { failure: incomplete(failed, results.length) }),
  };
}

async function runDay(
  aws: Aws,
  { pipeline, day, slot, parameters }: {
    pipeline: string;
    day: Date;
    slot: Date;
    parameters: Readonly<Record<string, string>>;
  },
  { values, signal, log }: Context<typeof options>,
): Promise<DayResult> {
  const about = { day: day.toISOString().slice(0, 10), run_id: slotText(slot) };
  let arn: string | null = null;
  try {
    const { parallelism, pollSeconds } = values;
    const started = await startExecution(aws, { pipeline, slot, parameters, parallelism });
    ({ arn } = started);
    log.info(`${about.day} started`, { execution: started.id });
    const ended = await waitForExecution(aws, started, { pollSeconds, signal, log });
    const failure = failureOf(ended);
    return { ...about, status: ended.status, arn, reason: failure?.message ?? null };
  } catch (error) {
    // What is wrong with a day does not keep the others from running.
    if (!(error instanceof PlatformError) || signal.aborted) throw error;
    log.error(`${about.day}: ${error.message}`, { code: error.code });
    return { ...about, status: "NotRun", arn, reason: messageOf(error) };
  }
}

/** How many days after its data a run is: by the parameters, or by the deployed definition. */
async function lagDays(
  aws: Aws,
  pipeline: string,
  parameters: Readonly<Record<string, string>>,
): Promise<number> {
  const declared = declaredParameters(await deployedDefinition(aws, pipeline));
  const lag = parameters["InputLagDays"] ??
    declared.find(({ Name }) => Name === "InputLagDays")?.DefaultValue ?? 0;
  return Number(lag);
}

function line({ day, status, arn, reason }: DayResult): string {
  const first = `${day}  ${status.padEnd(10)}  ${arn ?? ""}`.trimEnd();
  return reason === null ? first : `${first}\n    ${reason}`;
}

function incomplete(failed: readonly DayResult[], all: number): DependencyError {
  return new DependencyError({
    code: "pipeline.backfill-incomplete",
    cannot: "finish the backfill",
    found: `${failed.length} of ${all} days did not succeed: ${
      failed.map(({ day }) => day).join(", ")
    }`,
    todo: "Mend the reasons and resume those executions with deno task pipeline resume",
  });
}

function backwards(): UsageError {
  return new UsageError({
    code: "config.invalid",
    cannot: "start",
    found: "--to is before --from",
    todo: "Give the first day as --from and the last as --to",
    place: { option: "--to" },
  });
}

function day(value: string): Date {
  const parsed = new Date(value);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(parsed.getTime())) {
    throw new Error("it must be a day like 2013-10-01");
  }
  return parsed;
}

function minutes(value: string): number {
  const [, hour = "", minute = ""] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(value) ?? [];
  if (hour === "") throw new Error("it must be a time of day like 06:00");
  return Number(hour) * 60 + Number(minute);
}
