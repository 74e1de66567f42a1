/** SageMaker's training and processing contracts: a tree laid out as /opt/ml gives the same result as flags. */

import assert from "node:assert/strict";
import { metricPattern } from "../jobs/lib/telemetry.ts";
import { resultOf, startTask, stopJob, task } from "./job/task.ts";

const FLIGHTS = "examples/flights";

Deno.test("a SageMaker-shaped tree trains and scores as flags do", async (t) => {
  const folder = await Deno.makeTempDir();
  const flags = await task("train", [
    `--config=${FLIGHTS}/config.json`,
    "--n-estimators=10",
    "--seed=7",
    `--test-data=${FLIGHTS}/test`,
    `--tracking-uri=${folder}/flags/mlruns`,
    `--output=${folder}/flags`,
  ]);
  assert.equal(flags.code, 0, flags.log);
  const root = await trainingTree(`${folder}/ml`, {
    label: "late",
    key_column: "flight_id",
    // A tuner's float.
    n_estimators: "10.0",
    // The Python SDK writes strings as JSON.
    max_features: '"sqrt"',
    model_name: "flights-late",
    experiment_name: "flights",
    seed: "7",
    sagemaker_region: "us-east-1",
  });
  const env = {
    ML_ROOT: root,
    MLFLOW_TRACKING_URI: `${folder}/ml/mlruns`,
    TRAINING_JOB_NAME: "job-1",
  };

  await t.step(
    "training finds hyperparameters and channels and leaves model and evaluation",
    async () => {
      const contained = await task("train", [], env);
      assert.equal(contained.code, 0, contained.log);
      assert.deepEqual(contained.summary["metrics"], flags.summary["metrics"]);
      assert.deepEqual(
        await Deno.readFile(`${root}/model/model.onnx`),
        await Deno.readFile(`${folder}/flags/model/model.onnx`),
      );
      const evaluation = JSON.parse(await Deno.readTextFile(`${root}/output/data/evaluation.json`));
      assert.equal(evaluation.gate.passed, true);
      await assert.rejects(Deno.stat(`${root}/output/failure`));
      const summary = JSON.parse(await Deno.readTextFile(`${root}/output/data/summary.json`));
      assert.deepEqual(summary, contained.summary);
      // Each line of stdout is for one reader, as SageMaker and CloudWatch parse them.
      const { accuracy, roc_auc } = flags.summary["metrics"] as Record<string, number>;
      assert.equal(scrape(contained.results, "accuracy"), accuracy);
      const embedded = embeddedMetrics(contained.results);
      assert.deepEqual(embedded.length, 1);
      assert.equal(embedded[0]!["accuracy"], accuracy);
      assert.equal(embedded[0]!["roc_auc"], roc_auc);
      assert.equal(embedded[0]!["train_rows"], 61_082);
      assert.deepEqual(embeddedMetrics(flags.results), [], "nobody reads them outside a container");
    },
  );

  await t.step("processing scores its inputs with the model's tar.gz", async () => {
    const processing = await processingTree(`${folder}/processing`, `${root}/model`);
    const state = ["--run-id=day1", "--scheduled-time=2013-10-01T06:00:00Z"];
    const contained = await task("score", [...state, `--run-state=${folder}/runs1`], {
      ML_ROOT: processing,
    });
    assert.equal(contained.code, 0, contained.log);
    const scored = await task("score", [
      ...state,
      `--run-state=${folder}/runs2`,
      `--data=${FLIGHTS}/score/day=2013-10-01`,
      `--model-uri=${folder}/flags/model`,
      `--output=${folder}/predictions`,
    ]);
    assert.equal(scored.code, 0, scored.log);
    const ours = await lines(`${processing}/processing/output/predictions/day1`);
    const theirs = await lines(`${folder}/predictions/day1`);
    assert.equal(ours.length, 965);
    assert.deepEqual(ours.map(withoutModel), theirs.map(withoutModel));
    for (const line of contained.log.trimEnd().split("\n").slice(1)) {
      const { execution, job, run } = JSON.parse(line);
      assert.deepEqual([execution, job, run], [
        "abcdef123456",
        "pipelines-abcdef123456-Score-xyz",
        "day1",
      ], line);
    }
    const message = JSON.parse(await Deno.readTextFile(`${processing}/output/message`));
    assert.equal(message.accepted, 965);
    assert.equal(scrape(contained.results, "rows_scored"), 965);
    const [embedded, data, ...others] = embeddedMetrics(contained.results);
    assert.deepEqual(others, []);
    assert.equal(data?.["rows_checked"], 965);
    assert.ok(Number(data?.["drifted_columns"]) > 0);
    assert.equal(embedded?.["job"], "inference");
    assert.equal(embedded?.["rows_in"], 965);
    assert.equal(embedded?.["messages_published"], 965);
    assert.ok(Number(embedded?.["bytes_published"]) > 0);
    assert.ok(Number(embedded?.["publish_ms_p95"]) > 0);
    assert.deepEqual(embeddedMetrics(scored.results), []);
  });

  await t.step("a failure is written where SageMaker looks for its reason", async () => {
    const bad = await trainingTree(`${folder}/bad`, { label: "late", n_estimators: "many" });
    const failed = await task("train", [], { ...env, ML_ROOT: bad });
    assert.equal(failed.code, 2);
    const reason = await Deno.readTextFile(`${bad}/output/failure`);
    assert.match(reason, /^Cannot start: n_estimators is "many", but it must be a whole number/);
    assert.deepEqual(await names(`${bad}/model`), []);
  });

  await t.step("so is what is wrong with SageMaker's own files", async () => {
    const damaged = await trainingTree(`${folder}/damaged`, { label: "late" });
    const refusals: [file: string, content: string, reason: RegExp][] = [
      ["hyperparameters.json", "{", /^Cannot read SageMaker's hyperparameters.json/],
      ["hyperparameters.json", '{"label": null}', /^Cannot read [^\n]+: label: [^\n]+$/],
      ["inputdataconfig.json", '{"absent": {}}', /channel absent has no folder/],
      ["inputdataconfig.json", '{"../x": {}}', /\.\.\/x/],
      ["resourceconfig.json", '{"current_host": "b", "hosts": ["a"]}', /not among hosts/],
      ["resourceconfig.json", '{"current_host": "a", "hosts": ["a", "b"]}', /2 hosts/],
    ];
    for (const [file, content, reason] of refusals) {
      const path = `${damaged}/input/config/${file}`;
      const before = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, content);
      const failed = await task("train", [], { ...env, ML_ROOT: damaged });
      assert.equal(failed.code, 2, failed.log);
      assert.match(await Deno.readTextFile(`${damaged}/output/failure`), reason);
      await Deno.remove(`${damaged}/output/failure`);
      await Deno.writeTextFile(path, before);
    }
  });

  await t.step("SIGTERM ends a training with exit 143, a reason, and no model", async () => {
    const long = await trainingTree(`${folder}/long`, {
      label: "late",
      n_estimators: "10000",
      model_name: "never",
    });
    const tracking = `${folder}/long/mlruns`;
    const process = startTask("train", [], {
      ...env,
      ML_ROOT: long,
      MLFLOW_TRACKING_URI: tracking,
    });
    await runStarted(tracking);
    await stopJob(process);
    const stopped = await resultOf(process);
    assert.equal(stopped.code, 143, stopped.log);
    assert.match(await Deno.readTextFile(`${long}/output/failure`), /stopped by SIGTERM/);
    assert.deepEqual(await names(`${long}/model`), []);
    await assert.rejects(Deno.stat(`${tracking}/models/never`));
  });

  await Deno.remove(folder, { recursive: true });
});

/** A metric as SageMaker's metric definitions find it in the log. */
function scrape(lines: readonly string[], name: string): number {
  const pattern = new RegExp(metricPattern(name));
  const found = lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  assert.equal(found.length, 1, lines.join("\n"));
  return Number(found[0]);
}

/** Metrics that CloudWatch makes of log lines (embedded metric format), checked as it does. */
function embeddedMetrics(lines: readonly string[]): Record<string, unknown>[] {
  const objects = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const embedded = objects.filter((object) => "_aws" in object);
  for (const { _aws: { Timestamp, CloudWatchMetrics }, ...root } of embedded) {
    assert.ok(Number.isInteger(Timestamp));
    for (const { Namespace, Dimensions, Metrics } of CloudWatchMetrics) {
      assert.match(Namespace, /^[\w./#:-]{1,255}$/);
      for (const name of Dimensions.flat()) assert.equal(typeof root[name], "string", name);
      for (const { Name } of Metrics) assert.ok(Number.isFinite(root[Name]), Name);
    }
  }
  return embedded;
}

async function trainingTree(
  root: string,
  hyperparameters: Record<string, string>,
): Promise<string> {
  await Deno.mkdir(`${root}/input/config`, { recursive: true });
  for (const [channel, source] of [["train", "train"], ["test", "test"]]) {
    await copy(`${FLIGHTS}/${source}`, `${root}/input/data/${channel}`);
  }
  await Deno.mkdir(`${root}/model`, { recursive: true });
  const config = {
    TrainingInputMode: "File",
    S3DistributionType: "FullyReplicated",
    RecordWrapperType: "None",
  };
  await json(`${root}/input/config/hyperparameters.json`, hyperparameters);
  await json(`${root}/input/config/inputdataconfig.json`, { train: config, test: config });
  await json(`${root}/input/config/resourceconfig.json`, {
    current_host: "algo-1",
    hosts: ["algo-1"],
    network_interface_name: "eth0",
  });
  return root;
}

async function processingTree(root: string, model: string): Promise<string> {
  await Deno.mkdir(`${root}/config`, { recursive: true });
  await copy(`${FLIGHTS}/score/day=2013-10-01`, `${root}/processing/input/data`);
  await Deno.mkdir(`${root}/processing/input/model`, { recursive: true });
  const tar = await new Deno.Command("tar", {
    args: ["-czf", `${root}/processing/input/model/model.tar.gz`, "-C", model, "."],
  }).output();
  assert.ok(tar.success);
  const input = (name: string) => ({
    InputName: name,
    AppManaged: false,
    S3Input: {
      S3Uri: `s3://bucket/${name}`,
      LocalPath: `/opt/ml/processing/input/${name}`,
      S3DataType: "S3Prefix",
    },
  });
  await json(`${root}/config/processingjobconfig.json`, {
    ProcessingJobName: "pipelines-abcdef123456-Score-xyz",
    ProcessingInputs: [input("data"), input("model")],
    ProcessingOutputConfig: {
      Outputs: [{
        OutputName: "predictions",
        S3Output: { S3Uri: "s3://bucket/out", LocalPath: "/opt/ml/processing/output/predictions" },
      }],
    },
  });
  await json(`${root}/config/resourceconfig.json`, { current_host: "algo-1", hosts: ["algo-1"] });
  return root;
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

async function json(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value));
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(name);
  return found;
}

async function lines(folder: string): Promise<{ key: string; value: Record<string, unknown> }[]> {
  const files = (await names(folder)).filter((name) => name.endsWith(".ndjson")).sort();
  const texts = await Promise.all(files.map((name) => Deno.readTextFile(`${folder}/${name}`)));
  return texts.flatMap((text) => text.trimEnd().split("\n")).map((line) => JSON.parse(line));
}

/** The bundles come from two registries, which name the version each for itself. */
function withoutModel({ key, value }: { key: string; value: Record<string, unknown> }) {
  return { key, value: { ...value, model: undefined } };
}

/** Waits until the training has opened its run: from there on it grows trees. */
async function runStarted(tracking: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const { stdout } = await new Deno.Command("find", {
      args: [tracking, "-path", "*/params/n_estimators"],
      stderr: "null",
    }).output();
    if (stdout.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("the training did not start");
}
