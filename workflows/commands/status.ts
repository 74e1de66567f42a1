import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { integer, lines, type Options } from "../../jobs/lib/config.ts";
import { messageOf, PlatformError, UsageError } from "../../jobs/lib/errors.ts";
import {
  type Aws,
  estimateCosts,
  type ExecutionStatus,
  executionStatus,
  tailLog,
} from "../executions/mod.ts";
import { awsOptions, executionOptions, jsonOption, waitOptions } from "./options.ts";
import { statusText } from "./report.ts";
import { waited } from "./start.ts";
import { withExecution } from "./target.ts";

const options = {
  ...executionOptions,
  tail: {
    about: "Lines of log of each failed step; 0 for none",
    hint: "N",
    parse: integer(0, 1000),
    fallback: "10",
  },
  price: {
    about: "Price of a machine hour in US dollars, like ml.m5.large=0.115",
    hint: "TYPE=USD",
    parse: lines(),
    many: true,
    fallback: "",
  },
  ...waitOptions,
  ...awsOptions,
  ...jsonOption,
} satisfies Options;

/** Says how an execution stands. */
export const statusCommand: AnyCommand = command({
  usage: "pipeline status ARN|training|inference",
  about: "Show an execution: steps, times, failure reasons, the end of their logs, links, costs",
  options,
  operand: "execution",
  contract: "processing",
  channels: () => ({}),
  run: status,
});

async function status(context: Context<typeof options>): Promise<Outcome> {
  const { values } = context;
  const prices = readPrices(values.price);
  return await withExecution(values, async (aws, execution) => {
    if (values.wait) return await waited(aws, execution, context, {}, prices);
    const found = await executionStatus(aws, execution, new Date());
    const logs = values.tail === 0 ? {} : await tails(aws, found, context);
    const costs = estimateCosts(found.steps, prices);
    return {
      summary: { ...found, costs, ...(values.tail === 0 ? {} : { logs }) },
      ...(values.json ? {} : { text: statusText(found, costs, logs) }),
    };
  });
}

/** The end of the log of each step that failed; without a right to read logs, the rest is shown. */
async function tails(
  aws: Aws,
  { steps }: ExecutionStatus,
  { values, log }: Context<typeof options>,
): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const { name, status, job } of steps) {
    if (status !== "Failed" || job === null || job.kind === "tuning") continue;
    try {
      found[name] = (await tailLog(aws, job, values.tail)).map(({ text }) => text);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      log.warn(`the log of ${name} is not shown`, { reason: messageOf(error) });
    }
  }
  return found;
}

function readPrices(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(texts.map((text) => {
    const [, type = "", price = ""] = /^(ml\.[\w.-]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (type !== "") return [type, Number(price)];
    throw new UsageError({
      code: "config.invalid",
      cannot: "estimate the costs",
      found: `${JSON.stringify(text)} is not like ml.m5.large=0.115`,
      todo: "Give a type of machine and the price of its hour in US dollars",
      place: { option: "--price" },
    });
  }));
}
