/**
 * Pipelines executed on this machine: ours with the embedded defaults and with a real Kafka and MLflow,
 * AWS's goldens with programs in the place of their images.
 */

import assert from "node:assert/strict";
import { provided } from "./job/task.ts";
import { execute, executed, jobsBelow, start, statuses, stepOf } from "./local_pipelines/run.ts";
import { makeTopics } from "./publishing/kafka_admin.ts";
import { KAFKA, readCommitted } from "./publishing/kafka_tools.ts";

const DAY = "examples/flights/score/day=2013-10-01";
const ROWS = 965;
const SMALL = ["--set=NEstimators=5"];
const JOB = [Deno.execPath(), "run", "--allow-read", "--allow-write", "--allow-env=ML_ROOT"].join(
  " ",
) + " tests/local_pipelines/golden_job.ts";

Deno.test("both pipelines on the flights, on embedded defaults", async (t) => {
  const output = await Deno.makeTempDir();
  const trained = await execute(output, ["training", ...SMALL]);

  await t.step("training promotes a champion; the other branch is not chosen", async () => {
    assert.equal(trained.code, 0, trained.log);
    assert.deepEqual(statuses(trained), {
      DataQuality: "Succeeded",
      Train: "Succeeded",
      Evaluate: "Succeeded",
      GoodEnough: "Succeeded",
      Register: "Succeeded",
      Reject: "NotChosen",
      NotGoodEnough: "NotChosen",
    });
    const page = await Deno.readTextFile(`${trained.folder}/index.html`);
    assert.match(page, /<svg/);
    assert.match(page, /roc_auc 0\.\d+/);
    assert.ok(page.includes('href="steps/Train/attempt-1/algo-1.log"'));
  });

  const scoring = ["inference", "--set=OnViolation=quarantine"] as const;
  const scored = await execute(output, scoring);
  await t.step("inference checks the day, scores it and completes the run", async () => {
    assert.equal(scored.code, 0, scored.log);
    assert.equal(statuses(scored)["Complete"], "Succeeded");
    const lines = await predictions(`${output}/predictions/2013-10-02T06:00:00Z`);
    assert.equal(lines.length, ROWS);
  });

  await t.step("the same slot again publishes nothing", async () => {
    const again = await execute(output, scoring);
    assert.equal(again.code, 0, again.log);
    assert.equal((await predictions(`${output}/predictions/2013-10-02T06:00:00Z`)).length, ROWS);
  });

  await t.step(
    "a day that has drifted, where none may, is not scored, and the reason is told",
    async () => {
      const args = ["--set=RunId=drifted", "--set=OnDrift=fail"];
      const unfit = await execute(output, ["inference", ...args]);
      assert.equal(unfit.code, 5, unfit.log);
      assert.equal(statuses(unfit)["Check"], "Succeeded");
      assert.equal(statuses(unfit)["Score"], "NotChosen");
      assert.match(stepOf(unfit, "UnfitData").reason ?? "", /has moved: its stability index is/);
      await assert.rejects(Deno.stat(`${output}/predictions/drifted`));
    },
  );

  await t.step(
    "a gate that is not met ends in the Fail step, with the reason and exit 5",
    async () => {
      const failed = await execute(output, ["training", ...SMALL, "--set=MinAccuracy=0.99"]);
      assert.equal(failed.code, 5, failed.log);
      assert.equal(failed.status, "Failed");
      assert.equal(statuses(failed)["Reject"], "Succeeded");
      assert.equal(statuses(failed)["Register"], "NotChosen");
      assert.match(stepOf(failed, "NotGoodEnough").reason ?? "", /accuracy .* 0\.99/);
    },
  );

  await t.step(
    "a day that is not there fails its check with the job's reason and exit code",
    async () => {
      const failed = await execute(output, ["inference", "--scheduled-time=2013-12-24T06:00:00Z"]);
      assert.equal(failed.code, 3, failed.log);
      assert.match(stepOf(failed, "Check").reason ?? "", /day=2013-12-23.*exit code: 3/s);
      assert.equal(statuses(failed)["Score"], "NotStarted");
    },
  );
});

Deno.test("the test data: what must come out comes out, and corrupted it fails", async (t) => {
  const output = await Deno.makeTempDir();
  await t.step("training ends within 0.01 of the best accuracy there can be", async () => {
    const trained = await execute(output, ["training", "--test-data"]);
    assert.equal(trained.code, 0, trained.log);
  });
  await t.step("every row of the day is scored", async () => {
    const scored = await execute(output, ["inference", "--test-data"]);
    assert.equal(scored.code, 0, scored.log);
    const lines = await predictions(`${output}/predictions/2026-01-02T06:00:00Z`);
    assert.equal(lines.length, 1000);
  });
  await t.step("with labels that mean nothing the gate is not met", async () => {
    const failed = await execute(output, ["training", "--test-data", "--corrupt"]);
    assert.equal(failed.code, 5, failed.log);
    assert.equal(statuses(failed)["NotGoodEnough"], "Failed");
  });
});

Deno.test("both pipelines against a real MLflow and a real Kafka, killed and resumed", async (t) => {
  const output = await Deno.makeTempDir();
  const name = `local-pipelines-${crypto.randomUUID().slice(0, 8)}`;
  const env = {
    MLFLOW_TRACKING_URI: provided("ML_TEST_MLFLOW_URL"),
    KAFKA_BOOTSTRAP_SERVERS: KAFKA.bootstrapServers,
    KAFKA_OUTPUT_TOPIC: name,
  };
  const trained = await execute(output, [
    "training",
    ...SMALL,
    `--set=ModelName=${name}`,
    `--set=ExperimentName=${name}`,
  ], env);
  assert.equal(trained.code, 0, trained.log);

  await makeTopics(name);
  const days = await Deno.makeTempDir();
  await Deno.mkdir(`${days}/day=2013-10-01`);
  for (const file of ["a", "b", "c", "d"]) {
    await Deno.copyFile(`${DAY}/flights.parquet`, `${days}/day=2013-10-01/${file}.parquet`);
  }
  const running = start(output, [
    "inference",
    `--set=InputUri=${days}`,
    `--set=ModelUri=models:/${name}@champion`,
    "--set=InferenceInstanceCount=4",
    "--set=BatchSize=10",
  ], env);
  await appears(`${output}/s3/ml-platform-local/runs/2013-10-02T06:00:00Z/shard-0.started`);
  for (const pid of await jobsBelow(output)) Deno.kill(pid, "SIGKILL");
  const killed = await executed(running);

  await t.step("jobs that are killed fail their step, and nothing comes after it", () => {
    assert.equal(killed.code, 4, killed.log);
    assert.equal(statuses(killed)["Check"], "Succeeded");
    assert.equal(statuses(killed)["Score"], "Failed");
    assert.equal(statuses(killed)["Complete"], "NotStarted");
  });

  await t.step("the execution is resumed as the same run; each row is published once", async () => {
    const resumed = await execute(output, ["inference", `--resume=${killed.execution}`], env);
    assert.equal(resumed.code, 0, resumed.log);
    assert.equal(stepOf(resumed, "Check").resumed_from, killed.execution);
    assert.deepEqual(resumed.record["parameters"], killed.record["parameters"]);
    const records = await readCommitted(name);
    const ids = records.flatMap(({ headers }) => /event-id:([^,]+)/.exec(headers)?.[1] ?? []);
    assert.equal(ids.length, 4 * ROWS);
    assert.equal(new Set(ids).size, 4 * ROWS);
    assert.equal(records.length, 4 * ROWS + 1, "and one record of the completed run");
  });
});

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

Deno.test("a job that fails, and one that takes too long", async (t) => {
  const output = await Deno.makeTempDir();
  const job = (Name: string, word: string, more: Record<string, unknown> = {}) => ({
    Name,
    Type: "Processing",
    Arguments: {
      ProcessingResources: { ClusterConfig: { InstanceCount: 1 } },
      AppSpecification: { ImageUri: "job", ContainerArguments: [word] },
      ...more,
    },
  });
  const run = async (...Steps: unknown[]) => {
    const file = await Deno.makeTempFile({ suffix: ".json" });
    await Deno.writeTextFile(file, JSON.stringify({ Version: "2020-12-01", Steps }));
    return await execute(output, [file, `--command=job=${JOB}`, "--kill-after=300ms"]);
  };

  await t.step("its message becomes the reason, its exit code ours", async () => {
    const failed = await run(job("Bad", "break"));
    assert.equal(failed.code, 3);
    assert.match(stepOf(failed, "Bad").reason ?? "", /the disk is full of eels, exit code: 3/);
  });

  await t.step("after MaxRuntimeInSeconds it gets SIGTERM, then SIGKILL", async () => {
    const late = await run(
      job("Late", "hang", { StoppingCondition: { MaxRuntimeInSeconds: 2 } }),
    );
    assert.equal(late.status, "Failed");
    assert.match(stepOf(late, "Late").reason ?? "", /MaxRuntimeExceeded/);
    const log = await Deno.readTextFile(`${late.folder}/steps/Late/attempt-1/algo-1.log`);
    assert.deepEqual(log.trim().split("\n"), ["ready to be stopped", "not listening"]);
    assert.deepEqual(await jobsBelow(output), []);
  });

  await t.step(
    "SIGTERM to the runner stops its jobs, and leaves an execution to be resumed",
    async () => {
      const file = await Deno.makeTempFile({ suffix: ".json" });
      const Steps = [job("Long", "hang")];
      await Deno.writeTextFile(file, JSON.stringify({ Version: "2020-12-01", Steps }));
      const own = await Deno.makeTempDir();
      const running = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "workflows/main.ts", "run", "--local", file, `--output=${own}`]
          .concat(`--command=job=${JOB}`, "--kill-after=300ms"),
        env: { ML_LOG_FORMAT: "json" },
        stdout: "null",
        stderr: "null",
      }).spawn();
      while ((await jobsBelow(own)).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      running.kill("SIGTERM");
      assert.equal((await running.status).code, 143);
      assert.deepEqual(await jobsBelow(own), []);
      const [execution] = (await Array.fromAsync(Deno.readDir(own)))
        .filter(({ name }) => /^[a-z0-9]{12}$/.test(name));
      const record = await Deno.readTextFile(`${own}/${execution?.name}/execution.json`);
      assert.equal(JSON.parse(record).status, "Stopped");
    },
  );

  await t.step("an image that nothing stands in for is named before anything runs", async () => {
    const file = await Deno.makeTempFile({ suffix: ".json" });
    const Steps = [job("A", "break")];
    await Deno.writeTextFile(file, JSON.stringify({ Version: "2020-12-01", Steps }));
    const refused = await executedOrRefused(start(output, [file]));
    assert.match(refused, /--command 'job=PROGRAM/);
  });
});

async function executedOrRefused(process: Deno.ChildProcess): Promise<string> {
  const { code, stderr } = await process.output();
  assert.equal(code, 2);
  return new TextDecoder().decode(stderr);
}

async function predictions(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ndjson")) continue;
    lines.push(...(await Deno.readTextFile(`${folder}/${name}`)).trim().split("\n"));
  }
  return lines;
}

/** Waits until there is a file. */
async function appears(path: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    if (await Deno.stat(path).catch(() => undefined) !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`no ${path} within a minute`);
}
