/**
 * AWS's goldens, with programs in the place of their images.
 *
 * @module
 */

import assert from "node:assert/strict";
import { provided } from "../job/task.ts";
import { execute, JOB, statuses, stepOf } from "./run.ts";

Deno.test("AWS's goldens run with programs in the place of their images", async (t) => {
  const output = await Deno.makeTempDir();
  const data = await Deno.makeTempDir();
  for (const file of ["a", "b", "c", "d", "e"]) await Deno.writeTextFile(`${data}/${file}`, file);
  const args = [
    "tests/golden/training.json",
    `--command=iris-train=${JOB}`,
    `--command=approvals=${JOB} approve`,
    `--map=s3://ml-data-bucket/features/train=${data}`,
  ];
  const first = await execute(output, args);

  await t.step(
    "training: channels, hyperparameters, metrics, property file, callback, model",
    async () => {
      assert.equal(first.code, 0, first.log);
      assert.deepEqual(statuses(first), {
        "DataQuality": "Succeeded",
        "Train": "Succeeded",
        "Evaluate": "Succeeded",
        "AccuracyGate": "Succeeded",
        "Approve": "Succeeded",
        "Register-RegisterModel": "Succeeded",
        "AccuracyTooLow": "NotChosen",
      });
      const model = JSON.parse(
        await Deno.readTextFile(`${first.folder}/steps/Train/attempt-1/algo-1/model/model.json`),
      );
      assert.deepEqual(model.files, ["a", "b", "c", "d", "e"]);
      assert.equal(model.hyperparameters.num_trees, "100");
      const [registered] = await Array.fromAsync(Deno.readDir(`${output}/model-packages/iris-rf`));
      assert.equal(registered?.name, "1.json");
      const steps = new Map((first.record["steps"] as { name: string; properties: unknown }[])
        .map(({ name, properties }) => [name, properties as Record<string, unknown>]));
      assert.deepEqual(steps.get("Approve")?.["OutputParameters"], { approved: "iris-rf at 0.93" });
      assert.deepEqual(steps.get("Train")?.["FinalMetricDataList"], [
        { MetricName: "train:accuracy", Value: 0.97 },
        { MetricName: "validation:accuracy", Value: 0.93 },
      ]);
      const bucket = `${output}/s3/ml-artifacts-bucket`;
      const evaluation = JSON.parse(
        await Deno.readTextFile(`${bucket}/eval/${first.execution}/evaluation.json`),
      );
      assert.deepEqual(evaluation.model, ["model.tar.gz"]);
      assert.equal(await Deno.readTextFile(`${bucket}/checkpoints/${first.execution}/last`), "1");
    },
  );

  await t.step(
    "a second execution takes the cached step; without the cache it runs again",
    async () => {
      const second = await execute(output, args);
      assert.equal(stepOf(second, "DataQuality").cached_from, first.execution);
      assert.equal(stepOf(second, "Train").cached_from, undefined, "its checkpoints are elsewhere");
      const third = await execute(output, [...args, "--no-cache"]);
      assert.equal(stepOf(third, "DataQuality").cached_from, undefined);
    },
  );

  await t.step("a resumed execution keeps what comes before the step it starts from", async () => {
    const resumed = await execute(output, [
      ...args,
      `--resume=${first.execution}`,
      "--from=Evaluate",
    ]);
    assert.equal(resumed.code, 0, resumed.log);
    assert.equal(stepOf(resumed, "Train").resumed_from, first.execution);
    assert.equal(stepOf(resumed, "Evaluate").resumed_from, undefined);
  });

  await t.step("the other branch fails with its message and exit 5", async () => {
    const failed = await execute(output, [...args, "--set=AccuracyThreshold=0.95"]);
    assert.equal(failed.code, 5);
    assert.equal(stepOf(failed, "AccuracyTooLow").reason, "Accuracy below threshold 0.95");
  });

  await t.step("a fault of the platform is retried by the step's policy", async () => {
    const retried = await execute(output, [
      ...args,
      "--fault=Train=SageMaker.CAPACITY_ERROR",
      "--fault=Train=Step.THROTTLING",
      "--longest-wait=5ms",
    ]);
    assert.equal(retried.code, 0, retried.log);
    assert.equal(stepOf(retried, "Train").attempts, 3);
  });

  await t.step(
    "inference: objects are shared out by key, outputs of all instances come together",
    async () => {
      const inferred = await execute(output, [
        "tests/golden/inference.json",
        `--command=iris-infer=${JOB}`,
        `--map=s3://ml-data-bucket/features/infer=${data}`,
      ]);
      assert.equal(inferred.code, 0, inferred.log);
      const report = `${output}/s3/ml-artifacts-bucket/infer/${inferred.execution}`;
      const hosts = await Promise.all(
        ["algo-1", "algo-2"].map(async (host) =>
          JSON.parse(await Deno.readTextFile(`${report}/${host}.json`))
        ),
      );
      assert.deepEqual(
        hosts.map(({ files }) => files),
        [["a", "c", "e"], ["b", "d"]],
      );
      assert.deepEqual(hosts[0].args.slice(-2), ["--execution-id", inferred.execution]);
    },
  );
});

Deno.test("AWS's golden with its data on S3", async () => {
  const output = await Deno.makeTempDir();
  const endpoint = provided("ML_TEST_S3");
  for (const path of ["ml-data-bucket", "ml-artifacts-bucket"]) await put(`${endpoint}/${path}`);
  const prefix = `features/${crypto.randomUUID()}`;
  for (const name of ["a", "b", "c"]) {
    await put(`${endpoint}/ml-data-bucket/${prefix}/${name}`, name);
  }
  const env = {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
  };
  const args = ["tests/golden/inference.json", `--command=iris-infer=${JOB}`, "--s3"];
  const inferred = await execute(
    output,
    [...args, `--set=InputUri=s3://ml-data-bucket/${prefix}/`],
    env,
  );
  assert.equal(inferred.code, 0, inferred.log);
  const report = `${endpoint}/ml-artifacts-bucket/infer/${inferred.execution}`;
  const files = await Promise.all(
    ["algo-1", "algo-2"].map(async (host) => JSON.parse(await get(`${report}/${host}.json`)).files),
  );
  assert.deepEqual(files, [["a", "c"], ["b"]]);

  const nothing = await execute(output, [...args, "--set=InputUri=s3://ml-data-bucket/none/"], env);
  assert.match(stepOf(nothing, "Predict").reason ?? "", /there is nothing at s3:/);
});

/** Makes a bucket or an object, as moto lets anybody. */
async function put(url: string, body = ""): Promise<void> {
  const response = await fetch(url, { method: "PUT", body });
  assert.ok(response.ok, await response.text());
}

/** Reads an object; moto wants to see that somebody asks, not who. */
async function get(url: string): Promise<string> {
  const response = await fetch(url, { headers: { Authorization: "AWS test:test" } });
  const text = await response.text();
  assert.ok(response.ok, `${response.status} ${text}`);
  return text;
}
