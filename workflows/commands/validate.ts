import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { type Options, text } from "../../jobs/lib/config.ts";
import { isNotFound, messageOf, UsageError } from "../../jobs/lib/errors.ts";
import { type Finding, renderTemplate } from "../definition/mod.ts";
import { DEFINITIONS, definitionTemplate, withExamples } from "../synthesis.ts";
import { environmentOption, valuesOption } from "./options.ts";
import { findingsOf, invalid } from "./validity.ts";
import { readValues } from "./values.ts";

const options = {
  file: {
    about: "A definition of any origin as JSON; our own pipelines unless told",
    hint: "FILE",
    parse: text(),
  },
  ...environmentOption,
  ...valuesOption,
} satisfies Options;

/** Says what AWS would refuse. */
export const validateCommand: AnyCommand = command({
  usage: "pipeline validate [FILE]",
  about: [
    "Find what AWS would refuse in a definition, each with its JSON path; exit 0 or 2",
    "Our own pipelines are checked with the values of --values, and examples for what it leaves out.",
  ].join("\n"),
  options,
  operand: "file",
  contract: "processing",
  channels: () => ({}),
  run: validate,
});

async function validate({ values }: Context<typeof options>): Promise<Outcome> {
  const texts = values.file === undefined
    ? await ownDefinitions(values)
    : { [values.file]: await read(values.file) };
  const found = Object.entries(texts).map(([name, text]) => [name, findingsOf(text)] as const);
  const wrong = found.filter(([, findings]) => findings.length > 0);
  return {
    summary: {
      status: wrong.length === 0 ? "valid" : "invalid",
      definitions: Object.keys(texts),
      findings: Object.fromEntries(wrong),
    },
    text: wrong.length === 0 ? `${Object.keys(texts).join(", ")}: nothing found` : listed(wrong),
    ...(wrong.length === 0 ? {} : {
      failure: invalid(wrong.map(([name]) => name), wrong.flatMap(([, findings]) => findings)),
    }),
  };
}

async function ownDefinitions(
  { values, environment }: Context<typeof options>["values"],
): Promise<Record<string, string>> {
  const given = withExamples(await readValues(values, environment));
  return Object.fromEntries(
    DEFINITIONS.map((name) => [name, renderTemplate(definitionTemplate(name), given)]),
  );
}

function listed(wrong: readonly (readonly [string, readonly Finding[]])[]): string {
  return wrong.flatMap(([name, findings]) => [
    name,
    ...findings.map(({ path, message }) => `  ${path}\n    ${message}`),
  ]).join("\n");
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new UsageError({
      code: "pipeline.definition-unreadable",
      cannot: `read the definition ${path}`,
      found: isNotFound(error) ? "there is no such file" : messageOf(error),
      todo: "Name a file with a definition as JSON",
      place: { file: path },
    });
  }
}
