/** GitHub's Environments, as docs/deploy.md makes them: whether jobs find there what they ask for. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { run } from "../infra/commands.ts";

const WORKFLOWS = ".github/workflows";
const VARIABLES = [
  "AWS_REGION=r",
  ...["PLAN", "APPLY", "BUILD", "RUN"].map((r) => `AWS_${r}_ROLE=a`),
];
/** GitHub's command line and Terraform: the one writes down what it is told, the other knows roles. */
const PROGRAMS = {
  gh: `#!/bin/sh
printf '%s\\n' "$*" >> "$RECORD"
while [ $# -gt 0 ]; do
  [ "$1" = --env-file ] && cat "$2" >> "$RECORD"
  case "$1" in users/*) echo 42 ;; esac
  shift
done
`,
  terraform: `#!/bin/sh\nprintf '%s\\n' ${VARIABLES.join(" ")}\n`,
};

Deno.test("the documented commands make the Environments and variables that jobs ask for", async () => {
  const said = await documented();
  const made = [...said.matchAll(/^api --method PUT repos\/OWNER\/NAME\/environments\/([\w-]+) /gm)]
    .map(([, name = ""]) => name);
  const bounded = [
    ...said.matchAll(/environments\/([\w-]+)\/deployment-branch-policies -f name=main/g),
  ]
    .map(([, name = ""]) => name);
  assert.deepEqual(new Set(made), new Set(bounded), "any branch could take the roles of one");
  assert.match(said, /environments\/prod .*reviewers\[\]\[type\]=User -F reviewers\[\]\[id\]=42/);
  const variables = new Map<string, Set<string>>();
  for (
    const [, name = "", lines = ""] of said.matchAll(
      /^variable set .*--env ([\w-]+) .*\n((?:[A-Z_]+=.*\n)+)/gm,
    )
  ) variables.set(name, new Set([...lines.matchAll(/^([A-Z_]+)=/gm)].map(([, one = ""]) => one)));
  for (const { job, environments, asks } of await jobs()) {
    for (const environment of environments) {
      assert.ok(made.includes(environment), `nobody makes ${environment}, where ${job} runs`);
      for (const name of asks) {
        assert.ok(
          variables.get(environment)?.has(name),
          `${environment} has no ${name} for ${job}`,
        );
      }
    }
  }
  for (const environment of ["staging-auto", "prod-auto"]) {
    assert.ok(!variables.get(environment)?.has("AWS_APPLY_ROLE"), `${environment} could apply`);
  }
});

/** What the commands of the chapter on GitHub do. */
async function documented(): Promise<string> {
  const page = await Deno.readTextFile("docs/deploy.md");
  const [, chapter = ""] = /\n## GitHub\n([^]*?)\n## /.exec(page) ?? [];
  const script = [...chapter.matchAll(/```sh\n# needs GitHub\n([^]*?)```/g)]
    .map(([, code]) => code).join("\n");
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(PROGRAMS)) {
      await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o755 });
    }
    const { code, log } = await run("bash", ["-euo", "pipefail", "-c", script], {
      cwd: folder,
      env: { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}`, RECORD: `${folder}/record` },
    });
    assert.equal(code, 0, log);
    return await Deno.readTextFile(`${folder}/record`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Asking {
  readonly job: string;
  readonly environments: readonly string[];
  /** Variables about AWS. */
  readonly asks: ReadonlySet<string>;
}

async function jobs(): Promise<Asking[]> {
  const found: Asking[] = [];
  for await (const { name } of Deno.readDir(WORKFLOWS)) {
    const { jobs } = load(await Deno.readTextFile(`${WORKFLOWS}/${name}`)) as {
      jobs: Record<string, { environment?: string }>;
    };
    for (const [key, job] of Object.entries(jobs)) {
      const { environment } = job;
      const asks = [...JSON.stringify(job).matchAll(/vars\.(AWS_\w+)/g)].map(([, one = ""]) => one);
      assert.ok(
        environment !== undefined || asks.length === 0,
        `${name}: ${key} has no Environment`,
      );
      if (environment === undefined) continue;
      const environments = ["staging", "prod"].map((one) =>
        environment.replace(/\$\{\{.*?\}\}/, one)
      );
      found.push({ job: `${name}: ${key}`, environments, asks: new Set(asks) });
    }
  }
  assert.ok(found.length > 5);
  return found;
}
