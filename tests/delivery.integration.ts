/** The workflows in .github, the commands that they and the documents name, and a release. */

import assert from "node:assert/strict";
import { deployed } from "./executions/stories.ts";
import { provided, task } from "./job/task.ts";
import { awsAt } from "./runs/place.ts";

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

const ENDED = { Succeeded: 0, Failed: 4 } as const;
for (const [status, code] of Object.entries(ENDED)) {
  Deno.test(`delivery run follows an execution to its end and sums it up: ${status}`, async () => {
    await using aws = deployed();
    aws.onStart = ({ script }) => {
      script.push((one) => {
        one.status = status;
        if (status === "Failed") one.reason = "step | Score failed";
      });
    };
    const summary = await Deno.makeTempFile({ dir: "." });
    try {
      const ended = await task("delivery", [
        ...["run", "training", "--environment", "staging", "--summary", summary],
        ...["--n-estimators", "7", "--max-depth", "", "--input-uri", "", "--poll-seconds", "0.1"],
      ], aws.env);
      assert.equal(ended.code, code, ended.log);
      const [execution] = aws.executions;
      assert.deepEqual(
        execution?.parameters.filter(({ Name }) => /NEst|Depth|Input/.test(Name)),
        [{ Name: "NEstimators", Value: "7" }],
      );
      const text = await Deno.readTextFile(summary);
      assert.ok(text.includes(`ml-platform-staging-training: ${code === 0 ? "✅" : "❌"}`), text);
      if (code !== 0) assert.ok(text.includes("step \\| Score failed"), text);
    } finally {
      await Deno.remove(summary);
    }
  });
}

Deno.test("delivery verify trusts the deployed pipelines for right answers only", async () => {
  const account = `${crypto.getRandomValues(new Uint32Array(1))[0]}`.padStart(12, "1");
  const s3 = provided("ML_TEST_S3");
  const bucket = (use: string) => `${s3}/ml-platform-staging-${use}-${account}`;
  for (const use of ["data", "artifacts"]) await put(bucket(use), "");
  const infra = await Deno.makeTempDir();
  await Deno.mkdir(`${infra}/staging`);
  await Deno.writeTextFile(`${infra}/staging/terraform.tfvars`, `aws_account_id = "${account}"\n`);
  const verify = async (run: string, accuracy: number, accepted: number) => {
    await using aws = deployed();
    aws.onStart = ({ script, arn, pipeline }) => {
      const id = arn.split("/").at(-1);
      const [key, answer] = pipeline.endsWith("training")
        ? [`evaluation/${id}/evaluation.json`, { metrics: { accuracy } }]
        : [`runs/${run}/complete.json`, { accepted, dead: 0 }];
      void put(`${bucket("artifacts")}/${key}`, JSON.stringify(answer));
      script.push(() => {}, (one) => one.status = "Succeeded");
    };
    const result = await task("delivery", [
      ...["verify", "--environment", "staging", "--run", run, "--score=true"],
      ...["--infra", infra, "--poll-seconds", "0.3"],
    ], { ...aws.env, ...awsAt(s3), AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL_S3: s3 });
    return { ...result, executions: aws.executions };
  };
  try {
    const right = await verify("right", 0.898, 1000);
    assert.equal(right.code, 0, right.log);
    const [training, inference] = right.executions.map(({ parameters }) =>
      Object.fromEntries(parameters.map(({ Name, Value }) => [Name, Value]))
    );
    assert.equal(training?.["ModelName"], "pipeline-test");
    assert.equal(inference?.["ModelUri"], "models:/pipeline-test@champion");
    const uploaded = await fetch(`${training?.["InputUri"]?.replace("s3:/", s3)}/rows.parquet`, {
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request",
      },
    });
    await uploaded.body?.cancel();
    assert.equal(uploaded.status, 200);
    const tooGood = await verify("good", 0.99, 1000);
    assert.equal(tooGood.code, 5);
    assert.match(tooGood.log, /the best there can be is 0\.9/);
    const lost = await verify("lost", 0.9, 999);
    assert.equal(lost.code, 5);
    assert.match(lost.log, /of 1000 rows 999 were published/);
  } finally {
    await Deno.remove(infra, { recursive: true });
  }
});

/** The double looks whose request it is, not whether the signature is right. */
const SIGNED = {
  authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request",
};

async function put(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: "PUT", body, headers: SIGNED });
  await answer.body?.cancel();
  assert.ok(answer.ok, url);
}

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
