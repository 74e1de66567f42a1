/** delivery drift: a platform in a double of AWS, a champion in a real MLflow, one issue. */

import assert from "node:assert/strict";
import { gitHub } from "./delivery/github.ts";
import { platform } from "./doctor/platform.ts";
import { provided, task } from "./job/task.ts";
import { awsAt } from "./runs/place.ts";

const AWS = { ...awsAt(provided("ML_TEST_S3")), AWS_ENDPOINT_URL: provided("ML_TEST_S3") };
for (const [name, value] of Object.entries(AWS)) Deno.env.set(name, value);
const MODEL = `drift-${crypto.randomUUID().slice(0, 8)}`;
const TITLE = "Drift in staging";

Deno.test("what has drifted is kept in one issue, which is closed when it has not", async (t) => {
  const folder = await Deno.makeTempDir();
  await using github = await gitHub();
  const trained = await task("train", [
    ...["--config=examples/flights/config.json", "--n-estimators=5", `--output=${folder}/out`],
    ...[`--model-name=${MODEL}`, `--tracking-uri=${provided("ML_TEST_MLFLOW_URL")}`],
  ]);
  assert.equal(trained.summary["status"], "promoted", trained.log);
  await Deno.mkdir(`${folder}/none`);
  const drift = async (
    place: { readonly infra: string },
    { labelled = "examples/flights/test", actions = ["no-op"] }: {
      labelled?: string;
      actions?: string[];
    } = {},
  ) => {
    const change = { actions, before: { name: "a" }, after: { name: "b" } };
    const plan = {
      format_version: "1.2",
      resource_changes: [{ address: "module.x.aws_s3_bucket.data", change }],
    };
    await Deno.writeTextFile(`${folder}/plan.json`, JSON.stringify(plan));
    const report = `${folder}/drift.md`;
    const looked = await task("delivery", [
      ...["drift", "--environment", "staging", "--infra", place.infra, "--labelled", labelled],
      ...["--plan", `${folder}/plan.json`, "--report", report],
    ], AWS);
    assert.equal(looked.code, 0, looked.log);
    const told = await task(
      "delivery",
      ["issue", "--title", TITLE, "--report", report],
      github.env,
    );
    assert.equal(told.code, 0, told.log);
    const text = await Deno.readTextFile(report);
    return { ...looked.summary, issue: told.summary["issue"], text } as Record<string, unknown> & {
      text: string;
    };
  };
  const variables = { training_hyperparameters: { model_name: MODEL } };

  await t.step("nothing has drifted: no issue", async () => {
    await using place = await platform(variables);
    const found = await drift(place);
    assert.deepEqual([found["status"], found["issue"]], ["current", "none"], found.text);
    assert.equal((found["champion"] as { passed: boolean }).passed, true);
  });

  await t.step("everything has: one issue says what, and what to do", async () => {
    await using place = await platform({ ...variables, training_minimum_accuracy: 0.99 });
    await place.oldDefinition("inference");
    await place.digest("training", `sha256:${"ab".repeat(32)}`);
    const found = await drift(place, { actions: ["update"] });
    assert.deepEqual([found["status"], found["issue"]], ["drifted", "opened"]);
    assert.match(found.text, /`module\.x\.aws_s3_bucket\.data`: `name`/);
    assert.match(found.text, /\*\*Pipeline of inference\*\*: .* differs .*pipeline diff inference/);
    assert.match(found.text, /\*\*Image in training\*\*: it is sha256:.*sha256:abab/);
    assert.match(found.text, /champion of drift-\w+, version 1, is no longer good enough/);
    assert.match(found.text, /accuracy [^]*\| roc\\_auc \| 0\.\d+/);
    assert.equal((await drift(place, { actions: ["update"] }))["issue"], "unchanged");
  });

  await t.step("labels that cannot be used are told, not passed over", async () => {
    await using place = await platform(variables);
    const found = await drift(place, { labelled: "examples/flights/score" });
    assert.equal(found["issue"], "updated");
    assert.match(found.text, /the labels cannot be used: .*late/);
  });

  await t.step("mended, before labels have arrived: closed", async () => {
    await using place = await platform(variables);
    const found = await drift(place, { labelled: `${folder}/none` });
    assert.deepEqual([found["champion"], found["issue"]], ["no labels yet", "closed"], found.text);
    const { issues } = await github.state();
    assert.deepEqual(issues.map(({ title, state }) => [title, state]), [[TITLE, "closed"]]);
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a pull request has one comment per subject", async () => {
  await using github = await gitHub();
  const file = await Deno.makeTempFile();
  const comment = async (markdown: string, subject = "bench") => {
    await Deno.writeTextFile(file, markdown);
    const args = ["comment", file, "--number", "7", "--subject", subject];
    const { code, summary, log } = await task("delivery", args, github.env);
    assert.equal(code, 0, log);
    return summary["comment"];
  };
  assert.equal(await comment("slower $(touch /tmp/x) `a`"), "created");
  assert.equal(await comment("plan", "plan"), "created");
  assert.equal(await comment("still slower"), "replaced");
  const bodies = async () => (await github.state()).comments.map(({ body }) => body.split("\n")[1]);
  assert.deepEqual(await bodies(), ["still slower", "plan"]);
  assert.equal(await comment(""), "removed");
  assert.equal(await comment(""), "none");
  assert.deepEqual(await bodies(), ["plan"]);

  await Deno.writeTextFile(`${file}.json`, '{"train": 0.01, "score": 1000, "start": 1000}');
  const measured = await task("bench", [
    ...["regression", "--runs", "1", "--baseline", `${file}.json`, "--report", file],
  ]);
  assert.equal(measured.code, 0, measured.log);
  assert.equal(await comment(await Deno.readTextFile(file)), "created");
  const [, told = ""] = (await github.state()).comments.map(({ body }) => body);
  assert.match(told, /^<!-- ml-platform: bench -->\n### It takes more CPU than before/);
  assert.match(told, /\| \*\*train\*\* \| 0\.01 \| \d+\.\d+ \| \+\d+ % \|/);
  for (const name of [file, `${file}.json`]) await Deno.remove(name);
});
