/**
 * `delivery run`: what the workflows `train` and `score` do.
 *
 * @module
 */
import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { choice, number, text } from "../../jobs/lib/config.ts";
import { DependencyError, UsageError } from "../../jobs/lib/errors.ts";
import {
  openAws,
  pipelineName,
  startExecution,
  waitForExecution,
} from "../../workflows/executions/mod.ts";
import { runSummary } from "./run_summary.ts";
import { latestSlot } from "../schedule/mod.ts";
import { readVariables, requiredText, textOf } from "../parameters/variable_file.ts";
import { environmentName } from "../parameters/environment.ts";

const options = {
  type: {
    about: "Which pipeline",
    hint: "training|inference",
    parse: choice("training", "inference"),
    required: true,
  },
  environment: {
    about: "Where",
    hint: "staging|prod",
    parse: environmentName,
    required: true,
  },
  event: {
    about: "What started the workflow: schedule asks for the slot that should have been started",
    hint: "EVENT",
    parse: text(),
    fallback: "workflow_dispatch",
  },
  nEstimators: { about: "Trees", hint: "N", parse: optional(/^[1-9]\d{0,5}$/), fallback: " " },
  maxDepth: {
    about: "Depth, 0 for unlimited",
    hint: "N",
    parse: optional(/^\d{1,4}$/),
    fallback: " ",
  },
  inputUri: {
    about: "Where the data is",
    hint: "s3://…",
    parse: optional(/^s3:\/\/[a-z0-9.-]{3,63}(\/[^\s"'`$\\]*)?$/),
    fallback: " ",
  },
  inputPartition: {
    about: "Folder below it",
    hint: "day=2013-10-01",
    parse: optional(/^[A-Za-z0-9_={}/.-]{1,200}$/),
    fallback: " ",
  },
  runId: {
    about: "The run; a known one is resumed",
    hint: "ID",
    parse: optional(/^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/),
    fallback: " ",
  },
  pollSeconds: {
    about: "Seconds between two looks",
    hint: "N",
    parse: number(0.1, 600),
    fallback: "15",
  },
  summary: { about: "File to append a summary to, in Markdown", hint: "FILE", parse: text() },
} as const;

/** See the module. */
export const runCommand: AnyCommand = command({
  usage: "delivery run training|inference",
  about:
    "Start a deployed pipeline, follow it to its end, and sum it up; exit 4 unless it succeeded",
  options,
  operand: "type",
  contract: "processing",
  channels: () => ({}),
  run,
});

async function run({ values, log, signal }: Context<typeof options>): Promise<Outcome> {
  const { type, environment } = values;
  const parameters = Object.fromEntries(
    Object.entries({
      NEstimators: values.nEstimators,
      MaxDepth: values.maxDepth,
      InputUri: values.inputUri,
      InputPartition: values.inputPartition,
    }).flatMap(([name, value]) => value === "" ? [] : [[name, value]]),
  );
  const scheduled = values.event === "schedule";
  const slot = scheduled ? await scheduledSlot(environment, type) : new Date();
  const aws = await openAws();
  try {
    const started = await startExecution(aws, {
      pipeline: pipelineName(environment, type),
      slot,
      runId: values.runId || undefined,
      parameters,
      parallelism: undefined,
    });
    log.info("following the execution", { arn: started.arn, run: started.runId });
    const status = await waitForExecution(aws, started, {
      pollSeconds: values.pollSeconds,
      signal,
      log,
    });
    if (values.summary !== undefined) {
      await Deno.writeTextFile(values.summary, runSummary(status, started.runId), { append: true });
    }
    const summary = { status: status.status, run_id: started.runId, arn: started.arn };
    if (status.status === "Succeeded") return { summary };
    return {
      summary,
      failure: new DependencyError({
        code: "delivery.execution",
        cannot: `finish run ${started.runId} of ${status.pipeline}`,
        found: `it ended as ${status.status}: ${status.reason ?? "no reason was given"}`,
        todo: `Look at ${status.link}`,
      }),
    };
  } finally {
    aws.close();
  }
}

/** The slot that the environment's schedule should have started last. */
async function scheduledSlot(environment: string, type: "training" | "inference"): Promise<Date> {
  const file = `infra/${environment}/terraform.tfvars`;
  const variables = readVariables(await Deno.readTextFile(file), file);
  const zone = textOf(variables, "schedule_time_zone") ?? "UTC";
  const expression = requiredText(variables, `${type}_schedule_expression`, file);
  if (zone === "UTC") return latestSlot(expression, new Date());
  throw new UsageError({
    code: "delivery.schedule",
    cannot: `find the latest slot of ${type} in ${environment}`,
    found: `its schedule is ${expression} in ${zone}`,
    todo: "Keep to UTC, or start pipelines by EventBridge alone",
  });
}

/** A form's field: blank is not given; whatever else is not of the form is refused, not passed on. */
function optional(form: RegExp): (text: string) => string {
  return (text) => {
    const value = text.trim();
    if (value === "" || form.test(value)) return value;
    throw new Error(`it must be like ${form.source}`);
  };
}
