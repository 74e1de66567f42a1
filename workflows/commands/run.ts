import { join, resolve } from "node:path";
import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import type { Values } from "../../jobs/lib/config.ts";
import { isNotFound, messageOf, type PlatformError, UsageError } from "../../jobs/lib/errors.ts";
import { renderTemplate, variablesOf } from "../definition/mod.ts";
import {
  type Commands,
  type Ended,
  executePipeline,
  type ExecutionRecord,
  findContainerEngine,
  folderObjects,
  imageLauncher,
  type Launcher,
  type LocalDefinition,
  type Objects,
  type ParameterValues,
  parseAssignments,
  processLauncher,
  readCommands,
  readDefinition,
  readFolderMap,
  readRecord,
  requirePrograms,
  s3Objects,
  settleParameters,
} from "../local/mod.ts";
import { inheritedEnvironment, jobSources, localValues } from "../local_environment.ts";
import { checkAccuracy, testDataValues, writeTestData } from "../test_data/mod.ts";
import { DEFINITIONS, definitionTemplate } from "../synthesis.ts";
import { describeExecution, failureOf, summaryOf } from "./run_outcome.ts";
import { runOptions } from "./run_options.ts";
import { readValues } from "./values.ts";

/** Executes a pipeline on this machine. */
export const runCommand: AnyCommand = command({
  usage: "pipeline run --local training|inference|FILE.json",
  about: [
    "Execute a pipeline on this machine, from the definition that is deployed",
    "Its jobs run as processes: ours from their sources, others as --command says. Folders stand in",
    "for S3. Exit codes: 5 when a Fail step is reached, otherwise that of the job that failed.",
  ].join("\n"),
  options: runOptions,
  operand: "definition",
  contract: "processing",
  channels: () => ({}),
  run,
});

type RunValues = Values<typeof runOptions>;

async function run({ values, log, signal }: Context<typeof runOptions>): Promise<Outcome> {
  if (!values.local) throw notLocal();
  const env = (name: string) => Deno.env.get(name) || undefined;
  const resumed = values.resume === undefined
    ? undefined
    : await readRecord(values.output, values.resume);
  const output = resolve(values.output);
  const project = values.testData
    ? testDataValues(await writeTestData(join(output, "test-data"), values.corrupt))
    : await readValues(values.values, undefined);
  const definition = await definitionOf(values, { ...localValues(env), ...project });
  checkSteps(values, definition);
  checkResumed(resumed, pipelineName(values.definition));
  const parameters = resumed?.parameters ?? parametersOf(definition, values, project);
  const bucketFolders = [join(output, "s3"), ...readFolderMap(values.map).values()];
  const objects = values.s3
    ? s3Objects()
    : folderObjects(join(output, "s3"), readFolderMap(values.map));
  const commands: Commands = new Map([
    ...jobSources(await tasks()),
    ...readCommands(values.command),
  ]);
  if (!values.images) requirePrograms(definition, parameters, commands);
  const inherited = {
    ...inheritedEnvironment(env, values.passEnv),
    ML_PREDICTIONS: env("ML_PREDICTIONS") ?? join(output, "predictions"),
  };
  const ended = await executePipeline({
    pipeline: pipelineName(values.definition),
    definition,
    parameters,
    output,
    // Links lead nowhere in a container.
    objects: values.images ? { ...objects, folder: () => undefined } : objects,
    launcher: values.images
      ? await containers(bucketFolders, objects, inherited)
      : processLauncher(commands, objects, inherited),
    commands,
    inherited,
    parallelism: values.parallel,
    killAfter: values.killAfter,
    longestWait: values.longestWait,
    cache: !values.noCache,
    faults: values.fault,
    ...(resumed === undefined ? {} : { resumes: { record: resumed, from: values.from } }),
    log,
    signal,
  });
  signal.throwIfAborted();
  const failure = failureOf(ended) ?? (values.testData ? unexpected(ended) : undefined);
  return {
    summary: summaryOf(ended),
    ...(values.json ? {} : { text: describeExecution(ended) }),
    ...(failure === undefined ? {} : { failure }),
  };
}

async function containers(
  folders: readonly string[],
  objects: Objects,
  inherited: Readonly<Record<string, string>>,
): Promise<Launcher> {
  const engine = await findContainerEngine(inherited);
  const absolute = folders.map((folder) => resolve(folder));
  for (const folder of absolute) await Deno.mkdir(folder, { recursive: true });
  return imageLauncher(engine, objects, absolute, inherited);
}

/** With the test data a training has to come out where it must. */
function unexpected({ record }: Ended): PlatformError | undefined {
  const train = record.steps.find(({ type }) => type === "Training");
  if (train === undefined) return undefined;
  const metrics = train.properties?.["FinalMetricDataList"];
  const accuracy = Array.isArray(metrics)
    ? metrics.find(({ MetricName }) => MetricName === "accuracy")?.Value
    : undefined;
  return checkAccuracy(accuracy);
}

/** The text of a definition of ours, or of a file, with the environment's values in it. */
async function definitionOf(
  values: RunValues,
  variables: Awaited<ReturnType<typeof readValues>>,
): Promise<LocalDefinition> {
  const name = DEFINITIONS.find((each) => each === values.definition);
  const source = name ?? values.definition;
  const template = name === undefined ? await readFile(source) : definitionTemplate(name);
  const text = name === undefined && variablesOf(template).length === 0
    ? template
    : renderTemplate(template, variables);
  return readDefinition(text, source);
}

/** An option that names a step that is not there would do nothing. */
function checkSteps({ from, resume, fault }: RunValues, { steps }: LocalDefinition): void {
  const names = steps.map(({ Name }) => Name);
  const unknown = [...(from === undefined ? [] : [from]), ...fault.keys()]
    .filter((name) => !names.includes(name));
  if (unknown.length === 0 && (from === undefined || resume !== undefined)) return;
  throw new UsageError({
    code: "pipeline.step-unknown",
    cannot: "run the pipeline",
    found: unknown.length > 0 ? `${unknown.join(", ")} is no step` : "--from needs --resume",
    todo: unknown.length > 0 ? `Its steps are ${names.join(", ")}` : "Name the execution to resume",
    place: { option: from === undefined ? "--fault" : "--from" },
  });
}

/** Another pipeline's steps would be taken for ours where their names are alike. */
function checkResumed(resumed: ExecutionRecord | undefined, pipeline: string): void {
  if (resumed === undefined || resumed.pipeline === pipeline) return;
  throw new UsageError({
    code: "pipeline.execution-unknown",
    cannot: `resume ${resumed.execution}`,
    found: `it is one of ${resumed.pipeline}, not of ${pipeline}`,
    todo: "Name the pipeline that it is of",
    place: { option: "--resume" },
  });
}

/** A slot names a run, as on SageMaker, where whoever starts the pipeline says both. */
function parametersOf(
  { parameters: declared }: LocalDefinition,
  values: RunValues,
  project: Awaited<ReturnType<typeof readValues>>,
): ParameterValues {
  const given = parseAssignments(values.set);
  const slot = values.scheduledTime ?? project["scheduled_time"] ?? now();
  for (const name of ["ScheduledTime", "RunId"]) {
    if (Object.hasOwn(given, name) || !declared.some(({ Name }) => Name === name)) continue;
    given[name] = given["ScheduledTime"] ?? String(slot);
  }
  return settleParameters(declared, given);
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}

function pipelineName(definition: string): string {
  const known = DEFINITIONS.find((each) => each === definition);
  if (known !== undefined) return `ml-platform-local-${known}`;
  const file = definition.split(/[\\/]/).at(-1) ?? definition;
  return file.replace(/\.json$/, "").replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 256);
}

async function tasks(): Promise<Record<string, { command: string }>> {
  const file = new URL("../../deno.json", import.meta.url);
  return JSON.parse(await Deno.readTextFile(file)).tasks;
}

async function readFile(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw new UsageError({
      code: "pipeline.definition-unknown",
      cannot: `run ${file}`,
      found: isNotFound(error)
        ? "it is neither a file nor one of " + DEFINITIONS.join(", ")
        : messageOf(error),
      todo: "Name a pipeline, or give the file of a definition",
      place: { file },
    });
  }
}

function notLocal(): UsageError {
  return new UsageError({
    code: "pipeline.run-where",
    cannot: "run the pipeline",
    found: "--local is not given",
    todo: "Add --local to run it on this machine; on SageMaker, deno task pipeline start runs it",
    place: { option: "--local" },
  });
}
