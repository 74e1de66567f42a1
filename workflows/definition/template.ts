/**
 * Definitions as text: a template that is the same for every environment, and what it becomes in one.
 *
 * A template is what Terraform's `templatefile` reads: `${name}` stands inside a JSON string for text,
 * and outside of one for any other value as JSON. A literal `${` or `%{` is doubled.
 *
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";
import type { Pipeline } from "./pipeline.ts";
import { BEFORE_MARK, MARKED, MARKED_BARE } from "./variable.ts";

/** What an environment says of one variable. */
export type VariableValue =
  | string
  | number
  | boolean
  | readonly string[]
  | Readonly<Record<string, string | number>>;

/** What an environment says, by the variables' names. */
export type VariableValues = Readonly<Record<string, VariableValue>>;

/** The template of a definition. The same definition always gives the same text. */
export function templateOf(pipeline: Pipeline): string {
  return JSON.stringify(pipeline, undefined, 2)
    .replace(/([$%])\{/g, "$1$1{")
    // Before a variable a dollar would double its own.
    .replace(BEFORE_MARK, "\\u0024")
    .replace(MARKED_BARE, "${$1}")
    .replace(MARKED, "${$1}") + "\n";
}

/** The names of the variables of a template, sorted. */
export function variablesOf(template: string): string[] {
  const names = [...template.matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? []);
  return [...new Set(names)].toSorted();
}

/**
 * What a template becomes with an environment's values: the very text that Terraform's `templatefile`
 * gives, where values other than text were given to it through `jsonencode`.
 *
 * @throws {UsageError} `pipeline.variable-missing`, `pipeline.variable-invalid`
 */
export function renderTemplate(template: string, values: VariableValues): string {
  const missing = variablesOf(template).filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw new UsageError({
      code: "pipeline.variable-missing",
      cannot: "render the definition",
      found: `nothing is given for ${missing.join(", ")}`,
      todo: "Give a value for each; infra/definitions/variables.json describes them",
    });
  }
  return template.replace(PLACEHOLDER, (whole, name: string | undefined) => {
    if (name === undefined) return whole.slice(1);
    const value = values[name];
    return typeof value === "string" ? plain(name, value) : JSON.stringify(value);
  });
}

/** A doubled literal, or a variable. */
const PLACEHOLDER = /\$\$\{|%%\{|\$\{([a-z][a-z0-9_]*)\}/g;

/** Text goes between quotes as it is, as Terraform puts it there. */
function plain(name: string, value: string): string {
  if (JSON.stringify(value) === `"${value}"`) return value;
  throw new UsageError({
    code: "pipeline.variable-invalid",
    cannot: "render the definition",
    found: `${name} has a quote, a backslash or a control character in it`,
    todo: "Give a value without",
  });
}
