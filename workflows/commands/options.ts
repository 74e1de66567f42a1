/**
 * Options that several of the pipeline's commands have.
 *
 * @module
 */
import { choice, flag, type Options, text } from "../../jobs/lib/config.ts";

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
export const typeOption = {
  pipelineType: {
    about: "Which pipeline",
    hint: "training|inference",
    parse: choice("training", "inference"),
    required: true,
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
