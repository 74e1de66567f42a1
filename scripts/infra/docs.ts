import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { flag, type Options } from "../../jobs/lib/config.ts";
import { UsageError } from "../../jobs/lib/errors.ts";
import { readText, replaceText } from "./files.ts";
import { moduleTables, withTables } from "./module_docs.ts";

const options = {
  check: {
    about: "Write nothing; exit 2 when a table is not what the module says",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
} satisfies Options;

/** Writes the tables of the modules' READMEs. */
export const docsCommand: AnyCommand = command({
  usage: "infra docs",
  about: "Write the tables of inputs and outputs into the modules' READMEs",
  options,
  contract: "processing",
  channels: () => ({}),
  run: docs,
});

const MODULES = "infra/modules";

async function docs({ values }: Context<typeof options>): Promise<Outcome> {
  const cannot = "write the tables of the modules";
  const stale: string[] = [];
  for (const folder of await moduleFolders()) {
    const path = `${folder}/README.md`;
    const readme = await readText(path, cannot);
    const changed = withTables(readme, moduleTables(await terraformFiles(folder)));
    if (changed === undefined) throw noPlace(path);
    if (changed === readme) continue;
    stale.push(path);
    if (!values.check) await replaceText(path, changed, cannot);
  }
  if (values.check && stale.length > 0) {
    return { summary: { status: "stale", files: stale }, failure: notCurrent(stale) };
  }
  return { summary: { status: stale.length === 0 ? "current" : "written", files: stale } };
}

async function moduleFolders(): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(MODULES)))
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => `${MODULES}/${name}`).toSorted();
}

async function terraformFiles(folder: string): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .filter((name) => name.endsWith(".tf")).toSorted();
  return await Promise.all(names.map((name) => Deno.readTextFile(`${folder}/${name}`)));
}

function noPlace(path: string): UsageError {
  return new UsageError({
    code: "infra.no-place-for-tables",
    cannot: `write the tables of ${path}`,
    found: "it has no place for them",
    todo: "Write <!-- BEGIN_TF_DOCS --> and <!-- END_TF_DOCS --> where they belong",
    place: { file: path },
  });
}

function notCurrent(files: readonly string[]): UsageError {
  return new UsageError({
    code: "infra.docs-not-current",
    cannot: "use the modules' READMEs",
    found: `tables of ${files.join(", ")} are not what the modules say`,
    todo: "Run deno task infra docs and commit the result",
  });
}
