/**
 * `delivery verify`: runs what is deployed on data whose answers are known.
 *
 * @module
 */
import { join, relative } from "node:path";
import { z } from "zod";
import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { flag, number, type Options, text } from "../../jobs/lib/config.ts";
import { DependencyError, GateError, issuesOf } from "../../jobs/lib/errors.ts";
import { openStorage, type Storage } from "../../jobs/lib/storage/mod.ts";
import {
  type Aws,
  type ExecutionStatus,
  openAws,
  pipelineName,
  startExecution,
  waitForExecution,
} from "../../workflows/executions/mod.ts";
import {
  BAYES_ACCURACY,
  checkAccuracy,
  SCORING_ROWS,
  TEST_SLOT,
  TOLERANCE,
  writeTestData,
} from "../../workflows/test_data/mod.ts";
import { readVariables, requiredText } from "../parameters/variable_file.ts";
import { runSummary } from "./run_summary.ts";
import { environmentName } from "../parameters/environment.ts";

const options = {
  environment: {
    about: "What is verified",
    hint: "staging|prod",
    parse: environmentName,
    required: true,
  },
  run: { about: "Names this verification", hint: "ID", parse: runId, required: true },
  score: {
    about: "Score and publish too: its messages go to the environment's topic",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  infra: { about: "Folder of the environments", hint: "DIR", parse: text(), fallback: "infra" },
  pollSeconds: {
    about: "Seconds between two looks",
    hint: "N",
    parse: number(0.1, 600),
    fallback: "15",
  },
  summary: { about: "File to append a summary to, in Markdown", hint: "FILE", parse: text() },
} satisfies Options;

/** A model of its own: a verification never touches a champion that somebody relies on. */
const MODEL = "pipeline-test";

/** See the module. */
export const verifyCommand: AnyCommand = command({
  usage: "delivery verify",
  about: [
    "Run the deployed pipelines on test data and check the answers",
    "Trains a model of its own on data whose best possible accuracy is known, and with --score counts the",
    "rows that its scoring published. Exit 4 if a pipeline fails, 5 if an answer is wrong.",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: verify,
});

type VerifyContext = Context<typeof options>;

async function verify(context: VerifyContext): Promise<Outcome> {
  const { values } = context;
  const file = `${values.infra}/${values.environment}/terraform.tfvars`;
  const account = requiredText(
    readVariables(await Deno.readTextFile(file), file),
    "aws_account_id",
    file,
  );
  const project = pipelineName(values.environment, "training").replace(/-training$/, "");
  const bucket = (use: string) =>
    openStorage(`s3://${project}-${use}-${account}`, {
      option: "--environment",
      purpose: `verify ${values.environment}`,
    });
  const data = await upload(bucket("data"), `verification/${values.run}`);
  const artifacts = bucket("artifacts");
  const aws = await openAws();
  try {
    const accuracy = await train(aws, context, data, artifacts);
    const scored = values.score ? await score(aws, context, data, artifacts) : undefined;
    return {
      summary: { status: "verified", run: values.run, accuracy, ...(scored ?? {}) },
    };
  } finally {
    aws.close();
  }
}

async function upload(storage: Storage, prefix: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const { training, inference } = await writeTestData(folder, false);
    for (const path of [...await filesIn(training), ...await filesIn(inference)]) {
      await storage.create(`${prefix}/${relative(folder, path)}`, await Deno.readFile(path));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return storage.locate(prefix);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const nested = await Promise.all(entries.map(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? filesIn(path) : Promise.resolve([path]);
  }));
  return nested.flat();
}

/** Trains, and reads what the model is worth. @throws {GateError} if it is worth anything else */
async function train(
  aws: Aws,
  context: VerifyContext,
  data: string,
  artifacts: Storage,
): Promise<number> {
  const status = await execute(aws, context, "training", {
    InputUri: `${data}/training`,
    ModelName: MODEL,
    ExperimentName: MODEL,
    Label: "label",
    MinAccuracy: `${BAYES_ACCURACY - TOLERANCE}`,
  });
  const key = `evaluation/${status.arn.split("/").at(-1)}/evaluation.json`;
  const { metrics } = await readJson(artifacts, key, EVALUATION);
  const wrong = checkAccuracy(metrics.accuracy);
  if (wrong !== undefined) throw wrong;
  return metrics.accuracy;
}

/** Scores the day, and counts. @throws {GateError} if a row is missing */
async function score(
  aws: Aws,
  context: VerifyContext,
  data: string,
  artifacts: Storage,
): Promise<{ accepted: number; dead: number }> {
  const { run } = context.values;
  await execute(aws, context, "inference", {
    InputUri: `${data}/inference`,
    ModelUri: `models:/${MODEL}@champion`,
  });
  const { accepted, dead } = await readJson(artifacts, `runs/${run}/complete.json`, COMPLETION);
  if (accepted === SCORING_ROWS && dead === 0) return { accepted, dead };
  throw new GateError({
    code: "delivery.rows",
    cannot: "trust the pipeline",
    found: `of ${SCORING_ROWS} rows ${accepted} were published and ${dead} were dead letters`,
    todo: `Look at the run: deno task inference runs show ${run}`,
  });
}

async function execute(
  aws: Aws,
  { values, log, signal }: VerifyContext,
  type: "training" | "inference",
  parameters: Readonly<Record<string, string>>,
): Promise<ExecutionStatus> {
  const pipeline = pipelineName(values.environment, type);
  const slot = new Date(TEST_SLOT);
  const started = await startExecution(aws, { pipeline, slot, runId: values.run, parameters });
  const { pollSeconds } = values;
  const status = await waitForExecution(aws, started, { pollSeconds, signal, log });
  if (values.summary !== undefined) {
    await Deno.writeTextFile(values.summary, runSummary(status, started.runId), { append: true });
  }
  if (status.status === "Succeeded") return status;
  throw new DependencyError({
    code: "delivery.execution",
    cannot: `verify ${values.environment}`,
    found: `${pipeline} ended as ${status.status}: ${status.reason ?? "no reason was given"}`,
    todo: `Look at ${status.link}`,
  });
}

const EVALUATION = z.looseObject({ metrics: z.looseObject({ accuracy: z.number() }) });
const COMPLETION = z.looseObject({ accepted: z.number(), dead: z.number() });

async function readJson<T>(storage: Storage, key: string, schema: z.ZodType<T>): Promise<T> {
  const fail = (found: string) =>
    new DependencyError({
      code: "delivery.answer",
      cannot: "check the answer of the pipeline",
      found,
      todo: "Look at its log: the step that writes it succeeded",
      place: { url: storage.locate(key) },
    });
  const found = await storage.read(key);
  if (found === undefined) throw fail(`there is no ${storage.locate(key)}`);
  const parsed = schema.safeParse(JSON.parse(found));
  if (!parsed.success) {
    throw fail(`${storage.locate(key)} is of another form: ${issuesOf(parsed.error)}`);
  }
  return parsed.data;
}

function runId(value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value)) throw new Error("letters and digits");
  return value;
}
