/** The stages of a training as processes of their own, the gate, promotion and rollback. */

import assert from "node:assert/strict";
import { openStore } from "../jobs/lib/mlflow/mod.ts";
import { task, type TaskResult } from "./job/task.ts";

const FLIGHTS = "examples/flights";
const MODEL = "flights-late";
/** Whatever the seed of the forest: versions of a model are measured on the same rows. */
const HERE = { from: "train", fraction: 0.2, seed: 42 };

Deno.test("train, evaluate and register share one run and end as train alone does", async (t) => {
  const folder = await Deno.makeTempDir();
  const alone = await train(folder, "alone", { seed: 7 });
  assert.equal(alone.code, 0, alone.log);
  const trackingUri = `${folder}/staged/mlruns`;
  const env = { MLFLOW_TRACKING_URI: trackingUri };
  const staged = await train(folder, "staged", { seed: 7 }, ["--stages=train"]);
  assert.equal(staged.summary["status"], "trained", staged.log);
  const bundle = `${folder}/staged/model`;
  const evaluation = await processing(`${folder}/ml/evaluate`, {
    model: { "model.tar.gz": await archive(bundle) },
    train: await files(`${FLIGHTS}/train`),
  }, ["evaluation"]);
  const evaluated = `${evaluation}/processing/output/evaluation/evaluation.json`;

  await t.step("train notes in run.json which run and which rows", async () => {
    const run = JSON.parse(await Deno.readTextFile(`${bundle}/run.json`));
    assert.equal(run.run_id, staged.summary["run_id"]);
    assert.equal(run.model_name, MODEL);
    const { digest, ...heldOut } = run.held_out;
    assert.match(digest, /^[0-9a-f]{32}$/);
    assert.deepEqual(heldOut, HERE);
  });

  await t.step("evaluate reads its processing inputs and measures the very rows", async () => {
    const { code, log, summary } = await task("training", ["evaluate"], {
      ...env,
      ML_ROOT: evaluation,
    });
    assert.equal(code, 0, log);
    assert.equal(summary["run_id"], staged.summary["run_id"]);
    const [ours, theirs] = await Promise.all(
      [evaluated, `${folder}/alone/evaluation.json`].map(read),
    );
    assert.deepEqual(ours.gate, { passed: true, reasons: [] });
    assert.deepEqual(ours.metrics, theirs.metrics);
    assert.equal(ours.data.digest, theirs.data.digest);
    assert.deepEqual(ours.metrics, staged.summary["metrics"]);
    const page = await Deno.readTextFile(evaluated.replace(/[^/]+$/, "report.html"));
    for (const part of ["ROC curve", "In the trees", "All columns", "n_estimators"]) {
      assert.ok(page.includes(part), part);
    }
  });

  await t.step("register makes a version of the same run, also when it is repeated", async () => {
    const registration = await processing(`${folder}/ml/register`, {
      model: { "model.tar.gz": await archive(bundle) },
      evaluation: { "evaluation.json": await Deno.readFile(evaluated) },
    });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { code, log, summary } = await task("training", ["register", "--promote"], {
        ...env,
        ML_ROOT: registration,
      });
      assert.equal(code, 0, log);
      assert.equal(summary["status"], "promoted");
      assert.equal(summary["version"], "1");
    }
    const store = await openStore({ trackingUri });
    const champion = await store.versionByAlias(MODEL, "champion");
    assert.equal(champion.runId, staged.summary["run_id"]);
    assert.equal(champion.tags["promoted_by"], "job-register");
    for (const stage of ["evaluate", "register"] as const) {
      const { experimentId } = await store.run(champion.runId);
      const tagged = await store.runsTagged(
        experimentId,
        `sagemaker.${stage}_job_name`,
        `job-${stage}`,
      );
      assert.deepEqual(tagged.map(({ id }) => id), [champion.runId]);
    }
    assert.equal(champion.stage, "Production");
    assert.equal(champion.tags["promotion_reason"], "passed the quality gate");
  });

  await t.step("data that the model was not trained on has no rows held out", async () => {
    const { code, log } = await task("training", [
      "evaluate",
      `--model=${bundle}`,
      `--train-data=${FLIGHTS}/test`,
      `--output=${folder}/other`,
    ], env);
    assert.equal(code, 3);
    assert.match(log, /"evaluation.other-data"/);
  });

  await t.step("a deployed model is measured again, in a run of its own", async () => {
    const { code, log, summary } = await task("training", [
      "evaluate",
      `--model-uri=models:/${MODEL}@champion`,
      `--data=${FLIGHTS}/test`,
      `--output=${folder}/again`,
    ], env);
    assert.equal(code, 0, log);
    assert.notEqual(summary["run_id"], staged.summary["run_id"]);
    const { metrics, data } = await read(`${folder}/again/evaluation.json`);
    assert.equal(data.uri, `${FLIGHTS}/test`);
    assert.ok(metrics.roc_auc > 0.6);
  });

  await Deno.remove(folder, { recursive: true });
});

Deno.test("register does not promote what was not compared with the champion", async () => {
  const folder = await Deno.makeTempDir();
  const env = { MLFLOW_TRACKING_URI: `${folder}/mlruns` };
  const shared = [`--tracking-uri=${folder}/mlruns`];
  const trained = await train(folder, "weak", { trees: 2 }, ["--stages=train", ...shared]);
  assert.equal(trained.code, 0, trained.log);
  const weak = [`--model=${folder}/weak/model`, `--evaluation=${folder}/weak`];
  const evaluate = await task("training", [
    "evaluate",
    `--model=${folder}/weak/model`,
    `--train-data=${FLIGHTS}/train`,
    `--output=${folder}/weak`,
  ], env);
  assert.equal(evaluate.code, 0, evaluate.log);
  // Meanwhile another training becomes champion.
  assert.equal((await train(folder, "strong", { trees: 30 }, shared)).code, 0);
  const blind = await task("training", ["register", "--promote", ...weak], env);
  assert.equal(blind.code, 0, blind.log);
  assert.equal(blind.summary["status"], "rejected");
  assert.match(JSON.stringify(blind.summary["gate"]), /the champion is version 1 now/);
  const seeing = await task("training", [
    "register",
    "--promote",
    ...weak,
    `--train-data=${FLIGHTS}/train`,
  ], env);
  assert.equal(seeing.code, 0, seeing.log);
  assert.match(JSON.stringify(seeing.summary["gate"]), /roc_auc is .* champion version 1 has/);
  const store = await openStore({ trackingUri: `${folder}/mlruns` });
  assert.equal((await store.versionByAlias(MODEL, "champion")).version, "1");
  const challenger = await store.versionByAlias(MODEL, "challenger");
  assert.equal(challenger.tags["promotion"], "rejected");
  const other = await task("training", [
    "register",
    `--model=${folder}/strong/model`,
    `--evaluation=${folder}/weak/evaluation.json`,
  ], env);
  assert.equal(other.code, 3);
  assert.match(other.log, /"evaluation.other-model"/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a person approves, and rolls back to a version that works", async (t) => {
  const folder = await Deno.makeTempDir();
  const trackingUri = `${folder}/mlruns`;
  const env = { MLFLOW_TRACKING_URI: trackingUri, USER: "ada" };
  const store = await openStore({ trackingUri });
  const shared = [`--tracking-uri=${trackingUri}`];
  const training = (args: string[]) => task("training", args, env);
  const champion = () => store.versionByAlias(MODEL, "champion");
  assert.equal((await train(folder, "first", { trees: 2 }, shared)).code, 0);

  await t.step("with manual approval a version that passed waits", async () => {
    const second = await train(folder, "second", { trees: 30 }, ["--approval=manual", ...shared]);
    assert.equal(second.code, 0, second.log);
    assert.equal(second.summary["status"], "awaiting-approval");
    assert.equal((await champion()).version, "1");
    assert.equal((await store.version(MODEL, "2")).tags["promotion"], "awaiting approval");
    const promoted = await training(["promote", `--model=${MODEL}`, "--version=2", "--reason=go"]);
    assert.equal(promoted.code, 0, promoted.log);
    const { version, tags, stage } = await champion();
    assert.deepEqual([version, stage, tags["promotion_reason"], tags["promoted_by"]], [
      "2",
      "Production",
      "go",
      "ada",
    ]);
    assert.equal((await store.version(MODEL, "1")).stage, "Archived");
  });

  await t.step(
    "rollback refuses a version that does not load, or cannot show that it scores",
    async () => {
      const uri = await store.artifactUri(await store.version(MODEL, "1"));
      const onnx = new URL(`${uri}/model.onnx`);
      const bytes = await Deno.readFile(onnx);
      await Deno.writeFile(onnx, bytes.map((byte, at) => at === 100 ? byte ^ 1 : byte));
      const refused = await training(["rollback", `--model=${MODEL}`]);
      assert.equal(refused.code, 3, refused.log);
      assert.match(refused.log, /"model.digest-mismatch"/);
      await Deno.writeFile(onnx, bytes);
      const example = new URL(`${uri}/input_example.json`);
      const rows = await Deno.readTextFile(example);
      await Deno.remove(example);
      const unproven = await training(["rollback", `--model=${MODEL}`]);
      assert.equal(unproven.code, 3, unproven.log);
      assert.match(unproven.log, /"model.example-missing"/);
      await Deno.writeTextFile(example, rows);
      assert.equal((await champion()).version, "2");
    },
  );

  await t.step("rollback goes to the champion before, and says who, when and why", async () => {
    const rolled = await training(["rollback", `--model=${MODEL}`, "--reason=too slow"]);
    assert.equal(rolled.code, 0, rolled.log);
    assert.deepEqual(rolled.summary["version"], "1");
    const { version, tags, stage } = await champion();
    assert.deepEqual([version, stage, tags["promotion"], tags["promotion_reason"]], [
      "1",
      "Production",
      "rolled back to",
      "too slow",
    ]);
    assert.equal(tags["promoted_by"], "ada");
    assert.ok(Date.now() - Date.parse(tags["promoted_at"] ?? "") < 60_000);
    assert.equal((await store.version(MODEL, "2")).tags["promotion"], "rolled back");
    const further = await training(["rollback", `--model=${MODEL}`]);
    assert.equal(further.code, 2);
    assert.match(further.log, /"rollback.no-previous"/);
    const same = await training(["rollback", `--model=${MODEL}`, "--to=1"]);
    assert.match(same.log, /"rollback.same-version"/);
    assert.equal((await training(["rollback", `--model=${MODEL}`, "--to=2"])).code, 0);
    assert.equal((await champion()).version, "2");
  });

  await t.step("pipeline rollback is the same, for whoever looks after pipelines", async () => {
    const rolled = await task("pipeline", ["rollback", `--model=${MODEL}`, "--to=1"], env);
    assert.equal(rolled.code, 0, rolled.log);
    assert.equal((await champion()).version, "1");
    const unknown = await task("pipeline", ["rollback", `--model=${MODEL}`, "--to=99"], env);
    assert.notEqual(unknown.code, 0);
    assert.equal((await champion()).version, "1");
  });

  await Deno.remove(folder, { recursive: true });
});

function train(
  folder: string,
  name: string,
  { trees = 10, seed = 42 }: { trees?: number; seed?: number },
  more: readonly string[] = [],
): Promise<TaskResult> {
  return task("train", [
    `--config=${FLIGHTS}/config.json`,
    `--n-estimators=${trees}`,
    `--seed=${seed}`,
    `--tracking-uri=${folder}/${name}/mlruns`,
    `--output=${folder}/${name}`,
    ...more,
  ]);
}

/** A tree as SageMaker makes it for a processing job. */
async function processing(
  root: string,
  inputs: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>,
  outputs: readonly string[] = [],
): Promise<string> {
  const write = async (path: string, bytes: Uint8Array) => {
    await Deno.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(`${root}/${path}`, bytes);
  };
  for (const [input, content] of Object.entries(inputs)) {
    for (const [name, bytes] of Object.entries(content)) {
      await write(`processing/input/${input}/${name}`, bytes);
    }
  }
  const config = {
    ProcessingJobName: root.replace(/^.*\//, "job-"),
    ProcessingInputs: Object.keys(inputs).map((InputName) => ({
      InputName,
      S3Input: { S3Uri: "s3://b/x", LocalPath: `/opt/ml/processing/input/${InputName}` },
    })),
    ProcessingOutputConfig: {
      Outputs: outputs.map((OutputName) => ({
        OutputName,
        S3Output: { S3Uri: "s3://b/y", LocalPath: `/opt/ml/processing/output/${OutputName}` },
      })),
    },
  };
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  await write("config/processingjobconfig.json", json(config));
  await write("config/resourceconfig.json", json({ current_host: "algo-1", hosts: ["algo-1"] }));
  return root;
}

async function archive(folder: string): Promise<Uint8Array> {
  const { stdout, success } = await new Deno.Command("tar", {
    args: ["-czf", "-", "-C", folder, "."],
  })
    .output();
  assert.ok(success);
  return stdout;
}

async function files(folder: string): Promise<Record<string, Uint8Array>> {
  const found: Record<string, Uint8Array> = {};
  for await (const { name } of Deno.readDir(folder)) {
    found[name] = await Deno.readFile(`${folder}/${name}`);
  }
  return found;
}

async function read(path: string) {
  return JSON.parse(await Deno.readTextFile(path));
}
