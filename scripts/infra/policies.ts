import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { flag, type Options } from "../../jobs/lib/config.ts";
import { UsageError } from "../../jobs/lib/errors.ts";
import { readText, replaceText } from "./files.ts";
import { policiesIn, sourcesDigest } from "./rendered_policies.ts";
import { withTerraform } from "./terraform.ts";

const options = {
  check: {
    about: "Write nothing and run no Terraform; exit 2 when the modules have changed since",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
} satisfies Options;

/** Writes what the policies of all roles become. */
export const policiesCommand: AnyCommand = command({
  usage: "infra policies",
  about: "Write what the policies of all roles become, for reviews and tests",
  options,
  contract: "processing",
  channels: () => ({}),
  run: policies,
});

const FILE = "infra/policies/policies.json";

async function policies({ values }: Context<typeof options>): Promise<Outcome> {
  const cannot = "write what the policies become";
  const sources = await sourcesDigest();
  if (values.check) {
    const current = JSON.parse(await readText(FILE, cannot)).sources === sources;
    const summary = { status: current ? "current" : "stale", file: FILE };
    return current ? { summary } : { summary, failure: notCurrent() };
  }
  const documents = await withTerraform(cannot, async (terraform) => {
    await terraform("policies", "init", "-backend=false", "-no-color");
    await terraform("policies", "plan", "-no-color", "-out=plan");
    return policiesIn(JSON.parse(await terraform("policies", "show", "-json", "plan")));
  });
  await replaceText(FILE, JSON.stringify({ sources, documents }, undefined, 2) + "\n", cannot);
  const roles = Object.values(documents).flatMap((one) => Object.keys(one)).length;
  return { summary: { status: "written", file: FILE, roles } };
}

function notCurrent(): UsageError {
  return new UsageError({
    code: "infra.policies-not-current",
    cannot: `use ${FILE}`,
    found: "the modules have changed since it was written",
    todo: "Run deno task infra policies where Terraform is, look at the difference, and commit it",
    place: { file: FILE },
  });
}
