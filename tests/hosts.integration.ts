/** A training on several hosts gives the identical model of one, whatever becomes of a host. */

import assert from "node:assert/strict";
import { type Cluster, cluster, type ClusterOptions } from "./hosts/cluster.ts";
import { resultOf, type TaskResult } from "./job/task.ts";
import { keptPlaces } from "./runs/place.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

const ONE = await onOneHost();

for (const { name, uri, env } of await keptPlaces(FOLDER)) {
  Deno.test(`three hosts that meet in a ${name} give the identical model of one`, async () => {
    const job = await clusterOf(name, { hosts: 3, work: `${uri}/three`, env });
    const results = await Promise.all([0, 1, 2].map((host) => job.run(host)));
    for (const { code, log } of results) assert.equal(code, 0, log);
    assert.deepEqual(await job.model(), ONE.model);
    const [first, ...others] = results.map(({ summary }) => summary);
    assert.deepEqual(first!["metrics"], ONE.result.summary["metrics"]);
    assert.deepEqual(others, [
      { status: "grown", host: "algo-2", trees: 8, of: 23 },
      { status: "grown", host: "algo-3", trees: 7, of: 23 },
    ]);
    assert.deepEqual(oobScore(results[0]!), oobScore(ONE.result));
    // Only the first host has an experiment, a run, a version.
    const runs = await Deno.readTextFile(`${job.root(0)}/model/run.json`);
    assert.match(runs, /run_id/);
    for (const host of [1, 2]) {
      assert.deepEqual([...Deno.readDirSync(`${job.root(host)}/model`)], []);
    }
  });
}

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  Deno.test(`a host that gets ${signal} and is started again goes on, and the model is the same`, async () => {
    const name = signal.toLowerCase();
    const job = await clusterOf(name, { hosts: 2, work: `${FOLDER}/${name}-work` });
    const first = job.start(0);
    const peer = job.start(1);
    const ended = await endedBy(signal, peer);
    const again = await job.run(1);
    assert.equal(again.code, 0, again.log);
    // What is stopped leaves the trees that it has; what is killed those of 20 seconds ago.
    if (ended === 143) assert.match(again.log, /\d trees are there already/);
    const { code, log } = await resultOf(first);
    assert.equal(code, 0, log);
    assert.deepEqual(await job.model(), ONE.model);
    // The whole job again: nothing is grown twice, whoever asks.
    const more = await job.run(0);
    assert.match(more.log, /23 trees are there already/);
    assert.deepEqual(await job.model(), ONE.model);
  });
}

Deno.test("trees of another training are left alone, with a notice", async () => {
  const work = `${FOLDER}/other-work`;
  const other = await clusterOf("other", { hosts: 2, work, hyperparameters: { seed: "1" } });
  assert.deepEqual(await codes([0, 1].map((host) => other.run(host))), [0, 0]);
  const job = await clusterOf("mine", { hosts: 2, work });
  const results = await Promise.all([0, 1].map((host) => job.run(host)));
  for (const { code, log } of results) {
    assert.equal(code, 0, log);
    assert.match(log, /files of another training .* are left alone/);
  }
  assert.deepEqual(await job.model(), ONE.model);
});

Deno.test("the first host fails with what a peer failed with, exit 4", async () => {
  const job = await clusterOf("failing", { hosts: 2, work: `${FOLDER}/failing-work` });
  await Deno.writeTextFile(`${job.root(1)}/input/data/train/9.parquet`, "no parquet");
  const [first, peer] = await Promise.all([job.run(0), job.run(1)]);
  assert.equal(peer!.code, 3, peer!.log);
  assert.equal(first!.code, 4, first!.log);
  const reason = await Deno.readTextFile(`${job.root(0)}/output/failure`);
  assert.match(
    reason,
    /^Cannot train on several hosts: host algo-2 failed \(Cannot read .*9\.parquet/,
  );
});

Deno.test("the first host ends when the hosts have other data, when none of their trees comes, or when it is stopped", async () => {
  const work = `${FOLDER}/differing-work`;
  const months = (host: number) => [1, 2 - host];
  const job = await clusterOf("differing", { hosts: 2, work, months });
  const [first] = await Promise.all([job.run(0), job.run(1)]);
  assert.equal(first.code, 2, first.log);
  assert.match(first.log, /host algo-2 has other data.*training\.hosts-differ/);
  const alone = await clusterOf("alone", { hosts: 2, work: `${FOLDER}/alone-work` });
  const { code, log } = await alone.run(0, { host_timeout: "1" });
  assert.equal(code, 4, log);
  assert.match(log, /11 trees of other hosts are missing, and none has come for 1 s/);
  assert.equal(await endedBy("SIGTERM", alone.start(0), "waiting for other hosts"), 143);
});

Deno.test("what several hosts cannot do is said before any data is read", async () => {
  const job = await clusterOf("refused", { hosts: 2, work: `${FOLDER}/refused-work` });
  const refusals: [Record<string, string>, RegExp][] = [
    [{ max_leaf_nodes: "9" }, /with --max-leaf-nodes 9, trees are grown on one/],
    [{ engine: "ml-random-forest" }, /with --engine ml-random-forest/],
    [{ work_s3_uri: "s3:/bucket" }, /storage\.uri-invalid/],
  ];
  for (const [more, message] of refusals) {
    const { code, log } = await job.run(0, more);
    assert.equal(code, 2, log);
    assert.match(log, message);
  }
});

interface Case extends Partial<ClusterOptions> {
  readonly hosts: number;
  readonly work: string;
}

function clusterOf(
  name: string,
  { work, hyperparameters = {}, env = {}, ...rest }: Case,
): Promise<Cluster> {
  return cluster({
    folder: `${FOLDER}/jobs/${name}`,
    hyperparameters: { work_s3_uri: work, oob_score: "true", ...hyperparameters },
    env: { TRAINING_JOB_NAME: `job-${name}`, ...env },
    ...rest,
  });
}

async function onOneHost(): Promise<{ result: TaskResult; model: Uint8Array }> {
  const job = await clusterOf("one", { hosts: 1, work: `${FOLDER}/unused` });
  const result = await job.run(0);
  assert.equal(result.code, 0, result.log);
  return { result, model: await job.model() };
}

async function codes(results: readonly Promise<TaskResult>[]): Promise<number[]> {
  return (await Promise.all(results)).map(({ code }) => code);
}

function oobScore({ results }: TaskResult): string[] {
  const lines = results.filter((line) => line.startsWith("metric oob_score="));
  assert.equal(lines.length, 1);
  return lines;
}

/** Sends a signal once the log says that a tree is done, or something else. @returns the exit code */
async function endedBy(
  signal: Deno.Signal,
  process: Deno.ChildProcess,
  words = "growing trees",
): Promise<number> {
  let log = "";
  for await (const chunk of process.stderr.pipeThrough(new TextDecoderStream())) {
    if (!log.includes(words) && (log += chunk).includes(words)) {
      process.kill(signal);
    }
  }
  await process.stdout.cancel();
  return (await process.status).code;
}
