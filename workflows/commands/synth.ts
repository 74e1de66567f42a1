import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { flag, type Options, text } from "../../jobs/lib/config.ts";
import { DependencyError, isNotFound, messageOf, UsageError } from "../../jobs/lib/errors.ts";
import { renderTemplate } from "../definition/mod.ts";
import {
  DEFINITIONS,
  DEFINITIONS_FOLDER,
  definitionTemplate,
  synthesize,
  withDefaults,
  withExamples,
} from "../synthesis.ts";
import { environmentOption, valuesOption } from "./options.ts";
import { requireValid } from "./validity.ts";
import { readValues } from "./values.ts";

const options = {
  check: {
    about: "Write nothing; exit 2 when the files are not what the code gives",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  ...environmentOption,
  ...valuesOption,
  output: {
    about: `Folder of the files; ${DEFINITIONS_FOLDER} unless told, out/definitions with --values`,
    hint: "DIR",
    parse: text(),
  },
} satisfies Options;

/** Writes the definitions. */
export const synthCommand: AnyCommand = command({
  usage: "pipeline synth",
  about: [
    "Write the pipelines' definitions as JSON",
    "Without --values as templates, which Terraform's templatefile fills in; with it as the very text",
    "that an environment deploys.",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: synth,
});

async function synth({ values }: Context<typeof options>): Promise<Outcome> {
  const rendered = values.values !== undefined;
  const given = await readValues(values.values, values.environment);
  const definitions = renderAll(rendered ? withDefaults(given) : withExamples(given));
  for (const [name, text] of Object.entries(definitions)) requireValid(name, text);
  const files = rendered ? definitions : synthesize();
  const folder = values.output ?? (rendered ? "out/definitions" : DEFINITIONS_FOLDER);
  if (values.check) {
    const stale = await staleFiles(folder, files);
    const summary = { status: stale.length === 0 ? "current" : "stale", output: folder, stale };
    return { summary, ...(stale.length === 0 ? {} : { failure: notCurrent(folder, stale) }) };
  }
  await write(folder, files);
  return { summary: { status: "written", output: folder, files: Object.keys(files) } };
}

function renderAll(values: Awaited<ReturnType<typeof readValues>>): Record<string, string> {
  return Object.fromEntries(
    DEFINITIONS.map((name) => [`${name}.json`, renderTemplate(definitionTemplate(name), values)]),
  );
}

async function staleFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const found = await Deno.readTextFile(`${folder}/${name}`).catch((error) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (found !== text) stale.push(name);
  }
  return stale;
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
  } catch (error) {
    throw new DependencyError({
      code: "output.not-writable",
      cannot: `write ${folder}`,
      found: messageOf(error),
      todo: "Give --output a folder that this user may write to",
      place: { file: folder },
      cause: error,
    });
  }
}

function notCurrent(folder: string, stale: readonly string[]): UsageError {
  return new UsageError({
    code: "pipeline.not-current",
    cannot: "use the definitions",
    found: `${stale.join(", ")} in ${folder} is not what the code in workflows/ gives`,
    todo: "Run deno task pipeline synth and commit the result",
    place: { file: folder },
  });
}
