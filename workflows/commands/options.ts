/**
 * Options that several of the pipeline's commands have.
 *
 * @module
 */
import { choice, flag, integer, lines, number, type Options, text } from "../../jobs/lib/config.ts";

/** Which environment. */
export const environmentOption = {
  environment: {
    about: "Environment, as in ml-platform-<environment>-training",
    hint: "staging|prod|NAME",
    parse: environmentName,
    env: "ML_ENVIRONMENT",
  },
} satisfies Options;

/** Which of the two pipelines. */
export const pipelineOptions = {
  pipelineType: {
    about: "Which pipeline",
    hint: "training|inference",
    parse: choice("training", "inference"),
    required: true,
  },
  environment: { ...environmentOption.environment, required: true },
} satisfies Options;

/** Which execution. */
export const executionOptions = {
  execution: {
    about: "ARN of an execution; training or inference for the newest one of --environment",
    hint: "ARN|training|inference",
    parse: text(),
    required: true,
  },
  ...environmentOption,
} satisfies Options;

/** Where, and how often to look. */
export const awsOptions = {
  region: { about: "AWS region", hint: "REGION", parse: text(), env: "AWS_REGION" },
} satisfies Options;

/** Whether to wait for an execution to end. */
export const waitOptions = {
  wait: {
    about: "Wait until it has ended, and say each change; exit 4 unless it succeeded",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  pollSeconds: {
    about: "Seconds between two looks while waiting",
    hint: "N",
    parse: number(0.01, 3600),
    fallback: "15",
  },
} satisfies Options;

/** Values of parameters. */
export const parameterOptions = {
  set: {
    about: "Value of a parameter of the definition, like NEstimators=200",
    hint: "NAME=VALUE",
    parse: lines(),
    many: true,
    fallback: "",
  },
  parallelism: {
    about: "Steps that may run at the same time; the deployed pipeline's unless told",
    hint: "N",
    parse: integer(1, 200),
  },
} satisfies Options;

/** What the variables of the definitions stand for. */
export const valuesOption = {
  values: {
    about: "JSON file of the environment's values, as variables.json describes them",
    hint: "FILE",
    parse: text(),
  },
} satisfies Options;

/** For programs. */
export const jsonOption = {
  json: {
    about: "The result as JSON on a terminal too",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
} satisfies Options;

function environmentName(value: string): string {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(value)) {
    throw new Error("it must be 1 to 32 small letters, digits or '-', starting with a letter");
  }
  return value;
}

/** Reads a time with its offset, or a day. @throws {Error} that says what is allowed */
export function time(value: string): Date {
  const parsed = new Date(value);
  // Without an offset it would be another moment on another machine.
  const complete = /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:?\d{2}))?$/.test(value);
  if (Number.isNaN(parsed.getTime()) || !complete) {
    throw new Error("it must be a time like 2013-10-01T06:00:00Z");
  }
  return parsed;
}
