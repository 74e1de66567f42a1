/** What a user steers a training with: signals, limits of size, every hyperparameter; and its commit. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { runProgram } from "../jobs/lib/command.ts";
import { forestOptions } from "../jobs/training/forest_options.ts";
import { gitCommit } from "../jobs/training/git_commit.ts";
import { trainCommand } from "../jobs/training/train.ts";
import { type Cluster, cluster } from "./hosts/cluster.ts";
import type { TaskResult } from "./job/task.ts";
import { flights } from "./runs/place.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

Deno.test("SIGTERM stops a training within 10 s, and the same job again ends with the identical model", async () => {
  const hyperparameters = { n_estimators: "120", threads: "2" };
  const whole = await oneHost("whole", hyperparameters);
  const expected = await whole.run(0);
  assert.equal(expected.code, 0, expected.log);

  const job = await oneHost("stopped", hyperparameters);
  const stopped = await stoppedAt(/"growing trees"/, job.start(0));
  assert.equal(stopped.code, 143, stopped.log);
  assert.ok(stopped.seconds < 10, `${stopped.seconds} s`);
  assert.notDeepEqual(filesIn(`${job.root(0)}/checkpoints`), []);
  assert.deepEqual(filesIn(`${job.root(0)}/model`), []);

  const resumed = await job.run(0);
  assert.equal(resumed.code, 0, resumed.log);
  assert.match(resumed.log, /checkpoints: \d+ trees are there already/);
  assert.deepEqual(await job.model(), await whole.model());
  const runs = filesIn(`${FOLDER}/stopped/mlruns/0`).filter((name) => /^[0-9a-f]{32}$/.test(name));
  assert.equal(runs.length, 1, "the job that was started again goes on with its run in MLflow");
  const meta = await Deno.readTextFile(`${FOLDER}/stopped/mlruns/0/${runs[0]}/meta.yaml`);
  assert.match(meta, /^status: 3$/m); // FINISHED
  const [line = ""] = resumed.log.match(/.*"growing trees".*/g)?.slice(-2) ?? [];
  const progress = JSON.parse(line);
  assert.equal(progress.total, 120);
  assert.ok(progress.rows_per_second > 0 && progress.seconds_left > 0, line);
  assert.ok(Date.parse(progress.ends_about) > Date.parse(progress.time) - 1000, line);
});

Deno.test("a model that will be large gets a warning, one that will be too large exit 2, after a few trees", async () => {
  const large = await oneHost("large", { n_estimators: "10000" });
  const warned = await stoppedAt(/is going to have about/, large.start(0));
  assert.equal(warned.code, 143, warned.log);
  assert.match(
    warned.log,
    /"warn".*is going to have about 1\.\d GB: set a lower --max-depth, a greater/,
  );

  const months = () => [1, 2, 3, 4, 5, 6, 7, 8];
  const tooLarge = await oneHost("too-large", { n_estimators: "10000" }, months);
  const { code, log } = await tooLarge.run(0);
  assert.equal(code, 2, log);
  const reason = await Deno.readTextFile(`${tooLarge.root(0)}/output/failure`);
  assert.match(
    reason,
    /^Cannot train the forest: after \d+ trees .* and an ONNX file holds 1\.9 GB\. Set/,
  );
});

/** A value for each hyperparameter that is not its default, and that changes the model. */
const CHANGES = {
  nEstimators: "7",
  maxDepth: "3",
  minSamplesLeaf: "40",
  maxFeatures: "all",
  minSamplesSplit: "500",
  minImpurityDecrease: "0.001",
  maxLeafNodes: "5",
  maxSamples: "0.3",
  criterion: "entropy",
  classWeight: "balanced",
  seed: "43",
  engine: "ml-random-forest",
  minCategoryRows: "100",
  timestampEncoding: "cyclic",
};
/** What does not show in a model. */
const PLACES = ["oobScore", "checkpointDir", "workS3Uri", "hostTimeout", "threads"];

Deno.test("every hyperparameter changes the model, alike as a flag and in hyperparameters.json", async () => {
  assert.deepEqual(
    [...Object.keys(CHANGES), ...PLACES].toSorted(),
    [...Object.keys(forestOptions), "minCategoryRows", "timestampEncoding"].toSorted(),
    "a hyperparameter is not tested",
  );
  const data = await flights(`${FOLDER}/data`, [1]);
  const plain = await trainHere(data, {});
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  for (const [name, value] of Object.entries(CHANGES)) {
    if (name === "engine") continue;
    const flag = `--${snake(name).replaceAll("_", "-")}`;
    assert.notDeepEqual(await trainHere(data, { [flag]: value }), plain, `${flag} ${value}`);
  }
  const { engine: _, maxLeafNodes: __, ...together } = CHANGES;
  const flags = Object.entries(together).map(([name, value]) =>
    [`--${snake(name).replaceAll("_", "-")}`, value] as const
  );
  const byFlags = await trainHere(data, Object.fromEntries(flags));
  const job = await oneHost("all", {
    ...Object.fromEntries(Object.entries(together).map(([name, value]) => [snake(name), value])),
    oob_score: "true",
    threads: "2",
  }, () => [1]);
  const contained = await job.run(0);
  assert.ok([0, 5].includes(contained.code), contained.log);
  assert.deepEqual(await job.model(), byFlags);
  assert.match(contained.results.join("\n"), /^metric oob_score=0\.\d+$/m);
});

/** Trains in this process. @returns model.onnx */
async function trainHere(
  data: string,
  flags: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const output = `${FOLDER}/here/${crypto.randomUUID()}`;
  const defaults = { "--n-estimators": "5", "--max-depth": "6", "--threads": "1" };
  Deno.env.set("ML_LOG_LEVEL", "error");
  const args = Object.entries({ ...defaults, ...flags }).flat();
  const code = await runProgram("training", { train: trainCommand }, [
    "train",
    ...[`--train-data=${data}`, "--label=late", "--key-column=flight_id"],
    ...[`--tracking-uri=${output}/mlruns`, `--output=${output}`, "--min-roc-auc=0"],
    ...args,
  ], { print: () => {} });
  assert.equal(code, 0, args.join(" "));
  return await Deno.readFile(`${output}/model/model.onnx`);
}

function oneHost(
  name: string,
  hyperparameters: Record<string, string>,
  months?: () => readonly number[],
): Promise<Cluster> {
  const folder = `${FOLDER}/${name}`;
  return cluster({
    folder,
    hosts: 1,
    hyperparameters,
    env: { TRAINING_JOB_ARN: `arn:aws:sagemaker:us-east-1:123456789012:training-job/${name}` },
    ...(months === undefined ? {} : { months }),
  });
}

/** Sends SIGTERM as soon as the log says something. */
async function stoppedAt(
  pattern: RegExp,
  process: Deno.ChildProcess,
): Promise<Pick<TaskResult, "code" | "log"> & { seconds: number }> {
  let log = "";
  let sent: number | undefined;
  for await (const chunk of process.stderr.pipeThrough(new TextDecoderStream())) {
    log += chunk;
    if (sent !== undefined || !pattern.test(log)) continue;
    sent = performance.now();
    process.kill("SIGTERM");
  }
  await process.stdout.cancel();
  const { code } = await process.status;
  return { code, log, seconds: (performance.now() - (sent ?? 0)) / 1000 };
}

function filesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name);
}

Deno.test("the commit is known in a checkout, in a worktree of it, detached, and with packed refs", async () => {
  const git = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command("git", {
      args: ["-c", "user.name=a", "-c", "user.email=a@b", ...args],
      env: { GIT_CONFIG_GLOBAL: "/dev/null" },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim();
  };
  const checkout = `${FOLDER}/checkout`, worktree = `${FOLDER}/worktree`;
  const knows = async (folder: string, commit: string) =>
    assert.equal(await gitCommit(pathToFileURL(`${folder}/`)), commit, folder);
  await git("init", "--quiet", "--initial-branch=main", checkout);
  await git("-C", checkout, "commit", "--quiet", "--allow-empty", "-m", "first");
  const first = await git("-C", checkout, "rev-parse", "HEAD");
  await git("-C", checkout, "worktree", "add", "--quiet", "-b", "other", worktree);
  await git("-C", worktree, "commit", "--quiet", "--allow-empty", "-m", "second");
  const second = await git("-C", worktree, "rev-parse", "HEAD");
  await knows(checkout, first);
  await knows(worktree, second);
  await git("-C", checkout, "pack-refs", "--all");
  await knows(checkout, first);
  await knows(worktree, second);
  await git("-C", worktree, "checkout", "--quiet", "--detach", first);
  await knows(worktree, first);
});
