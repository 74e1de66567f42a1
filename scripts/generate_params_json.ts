/**
 * `deno task params`: writes the parameters of an execution for the AWS CLI.
 *
 * @module
 */
import { join } from "node:path";
import { type AnyCommand, command, type Outcome, runProgram } from "../jobs/lib/command.ts";
import { choice, lines, type Options, text, type Values } from "../jobs/lib/config.ts";
import { DependencyError, isNotFound, messageOf, UsageError } from "../jobs/lib/errors.ts";
import { parseAssignments } from "../workflows/executions/mod.ts";
import { definitionTemplate } from "../workflows/synthesis.ts";
import { environmentName } from "./parameters/environment.ts";
import { startRequest } from "./parameters/start_request.ts";
import { readVariables } from "./parameters/variable_file.ts";

const options = {
  pipelineType: {
    about: "Which pipeline",
    hint: "training|inference",
    parse: choice("training", "inference"),
    required: true,
  },
  environment: {
    about: "Which environment's terraform.tfvars",
    hint: "staging|prod",
    parse: environmentName,
    required: true,
  },
  set: {
    about: "A parameter of the pipeline",
    hint: "NAME=VALUE",
    parse: lines(),
    many: true,
    fallback: "",
  },
  scheduledTime: {
    about: "Nominal time: one slot starts once; now unless told",
    hint: "TIME",
    parse: time,
  },
  output: {
    about: "Folder of the files",
    hint: "DIR",
    parse: text(),
    fallback: "parameters",
  },
} satisfies Options;

const paramsCommand: AnyCommand = command({
  usage: "params",
  about: [
    "Write the parameters of an execution, as the AWS CLI reads them",
    "PIPELINE-ENVIRONMENT-TIMESTAMP.json, and the same as PIPELINE-ENVIRONMENT-latest.json:",
    "aws sagemaker start-pipeline-execution --cli-input-json file://parameters/training-staging-latest.json",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: ({ values }) => writeParameters(values),
});

async function writeParameters(values: Values<typeof options>): Promise<Outcome> {
  const { pipelineType: type, environment, output } = values;
  const file = `infra/${environment}/terraform.tfvars`;
  const request = startRequest({
    type,
    environment,
    variables: readVariables(await readFile(file, environment), file),
    template: definitionTemplate(type),
    slot: values.scheduledTime ?? new Date(),
    given: parseAssignments(values.set),
  });
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const written = join(output, `${type}-${environment}-${stamp}.json`);
  const latest = join(output, `${type}-${environment}-latest.json`);
  const json = JSON.stringify(request, null, 2) + "\n";
  try {
    await Deno.mkdir(output, { recursive: true });
    await Deno.writeTextFile(written, json);
    await Deno.writeTextFile(latest, json);
  } catch (error) {
    throw new DependencyError({
      code: "output.not-writable",
      cannot: `write ${written}`,
      found: messageOf(error),
      todo: "Give --output a folder that this user may write to",
      place: { file: written },
      cause: error,
    });
  }
  return {
    summary: { status: "written", file: written, latest, ...request },
    text: `${written}\n\naws sagemaker start-pipeline-execution --cli-input-json file://${latest}`,
  };
}

async function readFile(file: string, environment: string): Promise<string> {
  try {
    return await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
  } catch (error) {
    throw new UsageError({
      code: "params.environment-unknown",
      cannot: `read the values of ${environment}`,
      found: isNotFound(error) ? `there is no ${file}` : messageOf(error),
      todo: "Name an environment that has a folder in infra",
      place: { file },
    });
  }
}

function time(value: string): Date {
  const parsed = new Date(value);
  if (
    Number.isNaN(parsed.getTime()) || !/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(value)
  ) throw new Error("it must be a time like 2026-01-02T02:00:00Z");
  return parsed;
}

if (import.meta.main) {
  Deno.exit(await runProgram("params", { params: paramsCommand }, ["params", ...Deno.args]));
}
