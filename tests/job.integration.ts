/**
 * The main job from parquet to messages: on the embedded defaults, and against a real MLflow server
 * and a real Kafka broker.
 */

import assert from "node:assert/strict";
import { metricPattern } from "../jobs/lib/telemetry.ts";
import { readCommitted } from "./publishing/kafka_tools.ts";
import {
  provided,
  python,
  resultOf,
  startTask,
  stopJob,
  task,
  type TaskResult,
} from "./job/task.ts";

const DAY = "examples/flights/score/day=2013-10-01";
const ROWS = 965;

/** A line of the file sink, as far as the tests look. */
interface Line {
  key: string;
  headers: Record<string, string>;
  value: {
    id: string;
    prediction: boolean;
    probability: number;
    probabilities: Record<string, number>;
    model: { name: string; version: string };
    run_id: string;
    scored_at: string;
  };
}

/** What read_back.py prints, as far as the tests look. */
interface ReadBack {
  version: string;
  stage: string;
  version_tags: Record<string, string>;
  aliases: Record<string, string>;
  status: string;
  experiment: string;
  params: Record<string, string>;
  metrics: Record<string, number>;
  tags: Record<string, string>;
  /** Of the version. */
  description: string;
  artifacts: string[];
  datasets: { name: string; context: string }[];
  keys: string[];
  labels: boolean[];
  probabilities: number[];
}

Deno.test("the main job on embedded defaults", async (t) => {
  const folder = await Deno.makeTempDir();
  const trackingUri = `${folder}/mlruns`;
  const trained = await train(folder, ["--tracking-uri", trackingUri]);
  const scored = await score(folder, "day1", ["--tracking-uri", trackingUri]);
  const lines = await readLines(`${folder}/predictions/day1`);

  await t.step("train prints metrics for SageMaker, a summary, and logs JSON lines", () => {
    const accuracy = matches(trained, "accuracy");
    assert.ok(accuracy > 0.75, `accuracy ${accuracy}`);
    assert.ok(matches(trained, "roc_auc") > 0.72);
    for (const line of trained.log.trimEnd().split("\n")) assert.ok(JSON.parse(line).level, line);
    assert.equal(trained.summary["status"], "promoted");
  });

  await t.step("each flight of the day gets one message, in the published form", () => {
    assert.equal(lines.length, ROWS);
    assert.equal(new Set(lines.map((line) => line.key)).size, ROWS);
    assert.equal(new Set(lines.map((line) => line.headers["event-id"])).size, ROWS);
    for (const { key, headers, value } of lines) {
      assert.equal(value.id, key);
      const probability = value.probabilities[String(value.prediction)] ?? 0;
      assert.equal(value.probability, probability);
      assert.ok(probability >= 0.5);
      assert.deepEqual(value.model, { name: "flights-late", version: "1" });
      assert.equal(value.run_id, "day1");
      assert.equal(value.scored_at, "2013-10-01T06:00:00.000Z");
      assert.equal(headers["model-version"], "1");
      assert.equal(headers["run-id"], "day1");
      assert.equal(headers["content-type"], "application/json");
    }
    assert.equal(scored.summary["accepted"], ROWS);
  });

  await t.step("MLflow's Python client finds all of it and predicts the same", async () => {
    const seen = await readBack(trackingUri);
    checkRecord(seen, trained);
    samePredictions(seen, lines);
  });

  await t.step("a completed run is a no-op that prints its summary", async () => {
    const again = await score(folder, "day1", ["--tracking-uri", trackingUri]);
    assert.deepEqual(again.summary, scored.summary);
    assert.equal((await readLines(`${folder}/predictions/day1`)).length, ROWS);
  });

  await t.step(
    "a run stopped by SIGTERM exits 143 and is finished by the same command",
    async () => {
      const args = scoreArgs(folder, "stopped", [
        "--tracking-uri",
        trackingUri,
        "--batch-size",
        "5",
      ]);
      const process = startTask("score", args);
      await firstSegment(`${folder}/predictions/stopped`);
      await stopJob(process);
      const stopped = await resultOf(process);
      assert.equal(stopped.code, 143, stopped.log);
      const done = (await readLines(`${folder}/predictions/stopped`)).length;
      assert.ok(done < ROWS, "it was over before it could be stopped");
      const resumed = await task("score", args);
      assert.equal(resumed.code, 0, resumed.log);
      const all = await readLines(`${folder}/predictions/stopped`);
      assert.deepEqual(all.map((line) => line.key), lines.map((line) => line.key));
    },
  );

  await t.step(
    "a worse version stays challenger, exit 5, and the champion keeps its alias",
    async () => {
      const worse = await task("train", [
        ...trainArgs(folder, ["--tracking-uri", trackingUri]),
        "--n-estimators=1",
        "--max-depth=1",
        `--output=${folder}/worse`,
      ]);
      assert.equal(worse.code, 5, worse.log);
      assert.equal(worse.summary["status"], "rejected");
      const seen = await readBack(trackingUri);
      assert.deepEqual(seen.aliases, { champion: "1", challenger: "2" });
      const promoted = await task("training", [
        "promote",
        "--model=flights-late",
        "--version=2",
        `--tracking-uri=${trackingUri}`,
        "--reason=we say so",
      ]);
      assert.equal(promoted.code, 0, promoted.log);
      const after = await readBack(trackingUri);
      assert.equal(after.aliases["champion"], "2");
      assert.equal(after.version_tags["promotion_reason"], "we say so");
    },
  );

  await Deno.remove(folder, { recursive: true });
});

Deno.test("the same job against a real MLflow server and a real Kafka broker", async (t) => {
  const folder = await Deno.makeTempDir();
  const trackingUri = provided("ML_TEST_MLFLOW_URL");
  const servers = provided("ML_TEST_KAFKA");
  const topic = `flights-${crypto.randomUUID().slice(0, 8)}`;
  const env = { MLFLOW_TRACKING_URI: trackingUri, KAFKA_BOOTSTRAP_SERVERS: servers };
  const kafka = [`--kafka-output-topic=${topic}`];
  const model = `flights-${crypto.randomUUID().slice(0, 8)}`;
  const trained = await train(folder, [`--model-name=${model}`], env);
  const created = await task("inference", ["create-topics", "--partitions=3", ...kafka], env);
  assert.equal(created.code, 0, created.log);
  const local = await score(folder, "day1", [`--model-uri=models:/${model}/Production`], {
    MLFLOW_TRACKING_URI: trackingUri,
  });
  const expected = await readLines(`${folder}/predictions/day1`);

  await t.step("score publishes to Kafka what it writes to files", async () => {
    const args = ["--batch-size=200", `--model-uri=models:/${model}@champion`, ...kafka];
    const scored = await score(folder, "kafka1", args, env);
    assert.equal(scored.summary["accepted"], ROWS);
    const records = await readCommitted(topic);
    const messages = records.filter((record) => record.value.startsWith('{"id"'))
      .map(({ key, value }) => ({ key, value: JSON.parse(value) }));
    const byKey = new Map(messages.map((message) => [message.key, message.value]));
    assert.equal(messages.length, ROWS);
    assert.equal(byKey.size, ROWS);
    for (const { key, value } of expected) {
      assert.deepEqual(byKey.get(key), { ...value, run_id: "kafka1" });
    }
    const runs = records.filter((record) => !messages.some(({ key }) => key === record.key));
    assert.deepEqual(runs.map((record) => record.key), ["kafka1"]);
    assert.equal(local.summary["rows"], ROWS);
  });

  await t.step("a second call publishes nothing more", async () => {
    await score(folder, "kafka1", [
      "--batch-size=200",
      `--model-uri=models:/${model}@champion`,
      ...kafka,
    ], env);
    assert.equal((await readCommitted(topic)).length, ROWS + 1);
  });

  await t.step("MLflow's Python client finds all of it and predicts the same", async () => {
    const seen = await readBack(trackingUri, model);
    checkRecord(seen, trained);
    samePredictions(seen, expected);
  });

  await Deno.remove(folder, { recursive: true });
});

function trainArgs(folder: string, more: readonly string[]): string[] {
  return [
    "--config=examples/flights/config.json",
    "--n-estimators=30",
    `--output=${folder}/out`,
    ...more,
  ];
}

async function train(
  folder: string,
  more: readonly string[],
  env: Record<string, string> = {},
): Promise<TaskResult> {
  const result = await task("train", trainArgs(folder, more), env);
  assert.equal(result.code, 0, result.log);
  return result;
}

function scoreArgs(folder: string, run: string, more: readonly string[]): string[] {
  return [
    `--data=${DAY}`,
    "--model-uri=models:/flights-late@champion",
    "--scheduled-time=2013-10-01T06:00:00Z",
    `--run-id=${run}`,
    `--run-state=${folder}/runs`,
    `--output=${folder}/predictions`,
    ...more,
  ];
}

async function score(
  folder: string,
  run: string,
  more: readonly string[],
  env: Record<string, string> = {},
): Promise<TaskResult> {
  const result = await task("score", scoreArgs(folder, run, more), env);
  assert.equal(result.code, 0, result.log);
  return result;
}

/** The value that SageMaker's metric definition of that name finds in the results. */
function matches(result: TaskResult, name: string): number {
  const found = result.results.flatMap((line) =>
    new RegExp(metricPattern(name)).exec(line)?.[1] ?? []
  );
  assert.equal(found.length, 1, `${name} stands ${found.length} times in ${result.results}`);
  return Number(found[0]);
}

async function readLines(folder: string): Promise<Line[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.endsWith(".ndjson")) names.push(entry.name);
  }
  const lines: Line[] = [];
  for (const name of names.sort()) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    for (const line of text.split("\n")) if (line !== "") lines.push(JSON.parse(line));
  }
  return lines;
}

async function readBack(trackingUri: string, model = "flights-late"): Promise<ReadBack> {
  return await python("tests/job/read_back.py", [
    trackingUri,
    model,
    `${DAY}/flights.parquet`,
  ]) as ReadBack;
}

function checkRecord(seen: ReadBack, trained: TaskResult): void {
  assert.equal(seen.status, "FINISHED");
  assert.equal(seen.experiment, "flights");
  assert.equal(seen.version, trained.summary["version"]);
  assert.equal(seen.stage, "Production");
  assert.deepEqual(seen.aliases, { champion: "1", challenger: "1" });
  assert.match(seen.version_tags["model_digest"] ?? "", /^[0-9a-f]{64}$/);
  for (
    const [name, value] of Object.entries({
      n_estimators: "30",
      max_depth: "10",
      label: "late",
      seed: "42",
    })
  ) {
    assert.equal(seen.params[name], value);
  }
  for (const [name, value] of Object.entries(trained.summary["metrics"] ?? {})) {
    assert.equal(seen.metrics[name], value, name);
  }
  const logged = ["evaluation.json", "data_report.json", "feature_importance.json"];
  const pictures = ["roc", "precision_recall", "calibration", "confusion", "by_trees"]
    .map((name) => `pictures/${name}.svg`);
  const others = ["report.html", "model_card.md", "training.log", "curves.json"];
  for (const name of [...logged, ...pictures, ...others, "feature_importance.svg", "tree.svg"]) {
    assert.ok(seen.artifacts.includes(name), `${name} is not among ${seen.artifacts}`);
  }
  assert.deepEqual(seen.datasets.map(({ context, name }) => [context, name]).sort(), [
    ["evaluation", "train (held out)"],
    ["training", "train"],
  ]);
  assert.match(seen.tags["mlflow.note.content"] ?? "", /^Passed the quality gate. ROC AUC 0/);
  assert.match(seen.tags["mlflow.source.git.commit"] ?? "", /^[0-9a-f]{40}$/);
  assert.equal(seen.description, seen.tags["mlflow.note.content"]);
  for (const name of ["train_accuracy", "class true/recall", "roc_auc_by_tree"]) {
    assert.ok((seen.metrics[name] ?? 0) > 0, name);
  }
}

function samePredictions(seen: ReadBack, lines: readonly Line[]): void {
  const ours = new Map(lines.map((line) => [line.key, line.value]));
  assert.equal(seen.keys.length, ours.size);
  for (const [index, key] of seen.keys.entries()) {
    const value = ours.get(key);
    assert.equal(value?.prediction, seen.labels[index], key);
    const difference = Math.abs(
      (value?.probabilities["true"] ?? NaN) - (seen.probabilities[index] ?? NaN),
    );
    assert.ok(difference <= 1e-6, `${key} differs by ${difference}`);
  }
}

async function firstSegment(folder: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    try {
      if ((await readLines(folder)).length > 0) return;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`nothing was published to ${folder}`);
}
