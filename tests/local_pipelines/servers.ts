/**
 * Our pipelines with a real MLflow and a real Kafka.
 *
 * @module
 */

import assert from "node:assert/strict";
import { provided } from "../job/task.ts";
import { makeTopics } from "../publishing/kafka_admin.ts";
import { KAFKA, readCommitted } from "../publishing/kafka_tools.ts";
import { execute, executed, jobsBelow, start, statuses, stepOf } from "./run.ts";

const DAY = "examples/flights/score/day=2013-10-01";
const ROWS = 965;
const SMALL = ["--set=NEstimators=5"];

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

/** Waits until there is a file. */
async function appears(path: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    if (await Deno.stat(path).catch(() => undefined) !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`no ${path} within a minute`);
}
