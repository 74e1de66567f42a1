/** The workflows in .github, the commands that they and the documents name, and a release. */

import assert from "node:assert/strict";
import { provided, task } from "./job/task.ts";

const WORKFLOWS = ".github/workflows";

Deno.test("the workflows are what GitHub's schema and zizmor's pedantic persona accept", async () => {
  const bin = provided("ML_TEST_PYTHON_WORKFLOWS").replace(/\/python$/, "");
  const files = await workflows();
  await run(`${bin}/check-jsonschema`, ["--builtin-schema", "vendor.github-workflows", ...files]);
  await run(`${bin}/check-jsonschema`, [
    ...["--builtin-schema", "vendor.github-actions", ".github/actions/setup/action.yml"],
  ]);
  await run(`${bin}/check-jsonschema`, [
    ...["--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"],
  ]);
  await run(`${bin}/zizmor`, ["--offline", "--no-progress", "--persona", "pedantic", "."]);
});

Deno.test("the workflows give nothing away: no permission at the top, every action by its commit", async () => {
  for (const file of await workflows()) {
    const text = await Deno.readTextFile(file);
    assert.match(text, /^permissions: \{\}$/m, file);
    for (const [, used = ""] of text.matchAll(/uses: (\S+)/g)) {
      assert.match(used, /^\.\/|@[0-9a-f]{40}$/, `${file}: ${used}`);
    }
    for (const script of text.matchAll(/^ *run: (?:[|>]-?\n((?: {10,}.*\n)+)|(.*))/gm)) {
      assert.doesNotMatch(script[0], /\$\{\{/, `${file} puts an expression into a script`);
    }
    for (const job of text.split(/^ {2}(?=[a-z-]+:$)/m).slice(1)) {
      if (!job.includes("runs-on:")) continue;
      assert.match(job, /timeout-minutes: \d+/, `${file}: ${job.split(":")[0]} has no time-out`);
    }
  }
});

Deno.test("every task that workflows and documents name is there", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const files = [
    ...await workflows(),
    "README.md",
    "CONTRIBUTING.md",
    ".github/pull_request_template.md",
  ];
  for await (const { name } of Deno.readDir("docs")) {
    if (name.endsWith(".md")) files.push(`docs/${name}`);
  }
  const missing: string[] = [];
  for (const file of files) {
    const text = await Deno.readTextFile(file);
    for (const [, name = ""] of text.matchAll(/deno(?:@[\d.]+)? task (?:--\S+ )*([a-z][\w:-]*)/g)) {
      if (!(name in tasks)) missing.push(`${file}: ${name}`);
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("delivery release writes version, changelog and notes from the commits since the last tag", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const git = (...args: string[]) =>
      run("git", ["-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.com", ...args]);
    await git("init", "--quiet");
    await Deno.writeTextFile(`${folder}/deno.json`, '{\n  "version": "0.0.0",\n  "tasks": {}\n}\n');
    await Deno.writeTextFile(`${folder}/CHANGELOG.md`, "# Changelog\n");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "feat: begin");
    await git("tag", "v1.2.3");
    const release = () => releaseIn(folder);
    const nothing = await release();
    assert.equal(nothing.code, 3);
    assert.match(nothing.said, /nothing was committed since v1\.2\.3/);
    await git("commit", "--quiet", "--allow-empty", "--message", "fix(kafka): a leak");
    await git("commit", "--quiet", "--allow-empty", "--message", "feat(forest): trees");
    const done = await release();
    assert.equal(done.code, 0, done.said);
    assert.match(await Deno.readTextFile(`${folder}/deno.json`), /"version": "1\.3\.0"/);
    const changelog = await Deno.readTextFile(`${folder}/CHANGELOG.md`);
    assert.match(
      changelog,
      /## 1\.3\.0 [^]*### Added\n\n- \*\*forest\*\*: trees[^]*### Fixed\n\n- \*\*kafka\*\*: a leak/,
    );
    assert.doesNotMatch(await Deno.readTextFile(`${folder}/notes.md`), /begin/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("delivery run refuses what a form must not pass on", async () => {
  const env = { AWS_REGION: "us-east-1" };
  const evil = "s3://bucket/x\nKafkaOutputTopic=evil";
  const refused = await task("delivery", [
    ...["run", "training", "--environment", "staging"],
    ...["--n-estimators", "1; rm -rf /", "--input-uri", evil],
  ], env);
  assert.equal(refused.code, 2);
  assert.match(refused.log, /--n-estimators is [^]*--input-uri is /);
});

async function workflows(): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(WORKFLOWS));
  return names.map(({ name }) => `${WORKFLOWS}/${name}`).sort();
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  const decoder = new TextDecoder();
  assert.equal(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
}

/** In another folder than the checkout, whose tasks are none of it. */
async function releaseIn(folder: string): Promise<{ code: number; said: string }> {
  const script = new URL("../scripts/delivery.ts", import.meta.url).pathname;
  const config = new URL("../deno.json", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", "--config", config, script, "release"],
    cwd: folder,
  }).output();
  return { code, said: new TextDecoder().decode(stderr) };
}
