/**
 * The files that `pipeline synth` writes for Terraform, and reads back.
 *
 * @module
 */
import { type Pipeline, templateOf, variablesOf, type VariableValues } from "./definition/mod.ts";
import { inferencePipeline } from "./inference.ts";
import { trainingPipeline } from "./training.ts";
import { EXAMPLES, VARIABLES } from "./variables.ts";

/** Names of the definitions: the files without `.json`. */
export const DEFINITIONS = ["training", "training-search", "inference"] as const;

/** One of {@linkcode DEFINITIONS}. */
export type DefinitionName = typeof DEFINITIONS[number];

/** Folder of the files, from the root of the project. */
export const DEFINITIONS_FOLDER = "infra/definitions";

/** How the training pipeline with a search looks for hyperparameters. */
export const SEARCH = { maxJobs: 20, maxParallelJobs: 4 } as const;

const PIPELINES: Readonly<Record<DefinitionName, Pipeline>> = {
  "training": trainingPipeline(),
  "training-search": trainingPipeline({ search: SEARCH }),
  "inference": inferencePipeline(),
};

/** The template of a definition, which is the same for every environment. */
export function definitionTemplate(name: DefinitionName): string {
  return templateOf(PIPELINES[name]);
}

/** All files by name: a template for each definition, and what their variables are. */
export function synthesize(): Readonly<Record<string, string>> {
  const templates = DEFINITIONS.map((name) => [`${name}.json`, definitionTemplate(name)] as const);
  const variables = templates.map(([file, template]) => [
    file.replace(/\.json$/, ""),
    Object.fromEntries(variablesOf(template).map((name) => [name, VARIABLES[name]])),
  ]);
  return {
    ...Object.fromEntries(templates),
    "variables.json": JSON.stringify(Object.fromEntries(variables), undefined, 2) + "\n",
  };
}

/** The values that are given, and the defaults of the others that have one, as in Terraform. */
export function withDefaults(values: VariableValues): VariableValues {
  const defaults = Object.entries(VARIABLES).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const]
  );
  return { ...Object.fromEntries(defaults), ...values };
}

/** Values for all variables: those that are given, and examples for the others. */
export function withExamples(values: VariableValues): VariableValues {
  return { ...EXAMPLES, ...values };
}
