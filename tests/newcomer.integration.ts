/**
 * Somebody arrives: a copy of the repository, a home without anything in it, and the commands of the
 * documents in their order. In CI those of README; all that need neither an account nor a machine of
 * their own with ML_TEST_EXTENDED=1.
 */

import assert from "node:assert/strict";
import { AREAS } from "../scripts/tests/areas.ts";
import { type Block, pages, readPage } from "./newcomer/documents.ts";

const EXTENDED = Deno.env.get("ML_TEST_EXTENDED") === "1";

/** Of what is walked, what is not run again from within a test. */
const RUNS_THIS = /deno(?:@[\d.]+)? task (?:test|ok)\b/;

Deno.test("every command in the documents is walked, or marked with what it needs", async () => {
  const wrong: string[] = [];
  let walked = 0, marked = 0;
  for (const page of await pages()) {
    const { blocks, unlabelled } = await readPage(page);
    wrong.push(...unlabelled.map(({ line, text }) => `${page}:${line} has no language: ${text}`));
    for (const { line, needs, commands } of blocks) {
      if (needs !== undefined) marked++;
      else walked++;
      for (const command of needs === undefined ? commands : []) {
        const what = /^(aws|terraform|gh|podman|docker) |HOST|ACCOUNT|OWNER|…/.exec(command.line)
          ?.[0];
        if (what !== undefined) wrong.push(`${page}:${line} is not marked, but has '${what}'`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(walked >= 10 && marked >= 20, `${walked} walked, ${marked} marked`);
});

/** Headings of the specification that this project was made from. */
const SPECIFICATION = [
  "Architecture",
  "Project Structure",
  "Quick Start: 1. Prerequisites",
  "Quick Start: 2. Build and Push Container Images",
  "Quick Start: 3. Configure Environment",
  "Quick Start: 4. Deploy Infrastructure",
  "Quick Start: 5. Upload Training Data",
  "Quick Start: 6. Test Pipeline Execution",
  "Configuration: Training Pipeline",
  "Configuration: Inference Pipeline",
  "Development: Training Application",
  "Development: Inference Application",
  "Development: Local Development",
  "CI/CD Workflow: 1. Code Changes",
  "CI/CD Workflow: 2. Build Images",
  "CI/CD Workflow: 3. Update Configuration",
  "CI/CD Workflow: 4. Deploy",
  "CI/CD Workflow: 5. Test",
  "CI/CD Workflow: 6. Monitor",
  "Monitoring: CloudWatch Logs",
  "Monitoring: MLflow Tracking",
  "Monitoring: Kafka Monitoring",
  "Security",
  "Multi-Environment Support",
  "Troubleshooting: Common Issues",
  "Troubleshooting: Debug Commands",
  "Additional Resources",
  "Contributing",
  "License",
];

Deno.test("docs/architecture.md has every section of the specification, and what it names is there", async () => {
  const text = await Deno.readTextFile("docs/architecture.md");
  const rows = (text.slice(text.indexOf("\n## Where the Python original's parts are"))
    .match(/^\|.*\|$/gm)?.slice(2) ?? [])
    .map((row) => row.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
  assert.deepEqual([...new Set(rows.map(([section]) => section))], SPECIFICATION);
  const areas = new Set(AREAS.map(({ name }) => name));
  const wrong: string[] = [];
  for (const [section = "", asks = "", here = "", proof = ""] of rows) {
    const words = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
    const tests = words(proof);
    if (asks === "" || tests.length === 0) wrong.push(`${section} is proven by nothing`);
    wrong.push(...tests.filter((name) => !areas.has(name)).map((name) => `${name} is no area`));
    const paths = words(here).filter((word) =>
      /^[^ ]*\/|^\.\w+$|^[A-Z]+$|\.(json|lock|md)$/.test(word)
    );
    for (const path of paths.flatMap(alternatives)) {
      await Deno.stat(path).catch(() => wrong.push(`${section}: there is no ${path}`));
    }
  }
  assert.deepEqual(wrong, []);
});

/** `a/{b,c}` is two paths; of one with an asterisk the folder above counts. */
function alternatives(path: string): string[] {
  const [, before = "", list, after = ""] = /^(.*)\{(.+)\}(.*)$/.exec(path) ?? [];
  const each = list?.split(",").map((word) => `${before}${word}${after}`) ?? [path];
  return each.map((one) => one.replace(/\*.*$/, ""));
}

Deno.test("a newcomer's commands work in a home without anything in it", async (t) => {
  const home = await Deno.makeTempDir();
  const checkout = `${home}/checkout`;
  try {
    await copyRepository(checkout);
    await Deno.mkdir(`${home}/bin`);
    await Deno.symlink(Deno.execPath(), `${home}/bin/deno`);
    for (const page of EXTENDED ? await pages() : ["README.md"]) {
      const { blocks } = await readPage(page);
      for (const block of blocks.filter(({ needs }) => needs === undefined)) {
        await t.step(`${page}:${block.line}`, () => walk(block, home, checkout));
      }
    }
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

async function walk({ page, line, commands }: Block, home: string, checkout: string) {
  for (const { line: command, exit } of commands) {
    if (RUNS_THIS.test(command)) continue;
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      // npx would fetch the very Deno that runs this.
      args: ["-ec", command.replace(/npx -y deno@[\d.]+ /, "deno ")],
      cwd: checkout,
      clearEnv: true,
      env: {
        HOME: home,
        PATH: `${home}/bin:/usr/local/bin:/usr/bin:/bin`,
        // Whom this machine trusts.
        DENO_TLS_CA_STORE: "system",
        ...kept(["LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "DENO_CERT"]),
        // Downloading takes minutes; the long form does it.
        ...(EXTENDED ? {} : { DENO_DIR: denoDir() }),
      },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    const said = (decoder.decode(stdout) + decoder.decode(stderr)).trim().split("\n").slice(-15);
    assert.equal(code, exit, `${page}:${line}: ${command}\n${said.join("\n")}`);
  }
}

/** What git would give: tracked files, and new ones that are not ignored. */
async function copyRepository(to: string): Promise<void> {
  await Deno.mkdir(to);
  const list = "git ls-files -z --cached --others --exclude-standard";
  const { success, stderr } = await new Deno.Command("bash", {
    args: ["-ec", `${list} | xargs -0 cp --parents -t "$0"; git -C "$0" init --quiet`, to],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

function kept(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function denoDir(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}
