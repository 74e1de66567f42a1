/**
 * Runs: their manifest, their shards, how they resume, are refused, replaced and given up; with their
 * state in a folder and on S3.
 */
import assert from "node:assert/strict";
import { openRuns } from "../jobs/inference/runs/mod.ts";
import { scoreCommand } from "../jobs/inference/score.ts";
import { runProgram } from "../jobs/lib/command.ts";
import { createTopics } from "../jobs/lib/kafka/mod.ts";
import { openStorage } from "../jobs/lib/storage/mod.ts";
import { silentLog } from "../jobs/lib/log.ts";
import { readCommitted } from "./publishing/kafka_tools.ts";
import { provided, resultOf, task } from "./job/task.ts";
import { forward, unusedPort } from "./runs/forward.ts";
import {
  awsAt,
  bucket,
  flights,
  hostTree,
  type Kept,
  keysIn,
  published,
  train,
  transactions,
  until,
} from "./runs/place.ts";
import { committed, deleteGroup } from "./runs/offsets.ts";
import { job, startJob, succeed } from "./runs/process.ts";

import { FOLDER, folder, KEPT, MONTH, MONTHS, OUTPUT, refused, scoreArgs } from "./runs/scoring.ts";

const STATE = { option: "--run-state", purpose: "keep the state of runs" };
/** S3 lists a thousand at a time. */
const LISTED = Deno.env.has("ML_TEST_EXTENDED") ? 1_100 : 12;

for (const kept of KEPT) {
  Deno.test(`three hosts, killed and renumbered, publish each row once (state on ${kept.name})`, async () => {
    const run = `hosts-${kept.name}`;
    const args = scoreArgs(kept, run, { data: MONTHS, more: ["--batch-size=500"] });
    const hosts = ["algo-1", "algo-2", "algo-3"];
    const start = async (order: readonly string[], more: readonly string[] = []) =>
      await Promise.all(order.map(async (current) => {
        const root = await hostTree(FOLDER, current, hosts);
        return startJob([...args, ...more], { ...kept.env, ML_ROOT: root });
      }));
    const killed = await start(hosts, ["--rate-limit=3000"]);
    await transactions(OUTPUT, run, 5);
    for (const process of killed) process.kill("SIGKILL");
    await Promise.all(killed.map((process) => process.output()));
    const before = await published(OUTPUT, run);
    assert.ok(before.length < (await keysIn(MONTHS)).length);
    const results = await Promise.all((await start(hosts.toReversed())).map(resultOf));
    for (const { code, log } of results) assert.equal(code, 0, log);
    const keys = (await published(OUTPUT, run)).map(({ key }) => key);
    assert.deepEqual(keys.toSorted(), await keysIn(MONTHS));
    const complete = results.filter(({ summary }) => summary["status"] === "complete");
    assert.ok(complete.length >= 1);
    for (const { summary } of complete) assert.equal(summary["accepted"], keys.length);
    const shown = await succeed(["runs", "show", run, `--run-state=${kept.uri}`], kept.env);
    assert.equal(shown.summary["status"], "complete");
  });

  Deno.test(`killed at any step, a run is finished by the next attempt (state on ${kept.name})`, async () => {
    const keys = await keysIn(MONTH);
    const argsOf = (run: string) => scoreArgs(kept, run, { more: ["--batch-size=3000"] });
    const { output } = await killedAt(0, argsOf(`steps-${kept.name}`), kept.env);
    const steps = Number(/steps (\d+)/.exec(output)?.[1]);
    assert.ok(steps > 20, output);
    const stride = Deno.env.has("ML_TEST_EXTENDED") ? 1 : Math.ceil(steps / 5);
    for (let step = 1; step <= steps; step += stride) {
      const run = `step-${step}-${kept.name}`;
      const { signal } = await killedAt(step, argsOf(run), kept.env);
      assert.equal(signal, "SIGKILL", `step ${step}`);
      const results: string[] = [];
      const print = (line: string) => results.push(line);
      const code = await runProgram("inference", { score: scoreCommand }, argsOf(run), { print });
      assert.equal(code, 0, `step ${step}`);
      const found = (await published(OUTPUT, run)).map(({ key }) => key).toSorted();
      assert.deepEqual(found, keys, `step ${step}`);
      const { status, accepted } = JSON.parse(results.at(-1) ?? "");
      assert.deepEqual([status, accepted], ["complete", keys.length]);
    }
  });

  Deno.test(`of manifests claimed at the same instant one counts (state on ${kept.name})`, async () => {
    const manifests = Array.from({ length: 8 }, (_, index) => ({
      version: 1 as const,
      run_id: "claimed",
      scored_at: new Date(index).toISOString(),
      environment: "test",
      pipeline: "runs",
      sink: { uri: "file:///nowhere" },
      model: { uri: "m", resolved: "m", name: "m", version: `${index}`, digest: "" },
      data: "d",
      inputs: [],
      shards: [[]],
    }));
    const claimed = await Promise.all(
      manifests.map((manifest) => openRuns(kept.uri).run("claimed").claimManifest(manifest)),
    );
    assert.equal(claimed.filter(({ first }) => first).length, 1);
    const winner = claimed.find(({ first }) => first);
    for (const { manifest, hash } of claimed) {
      assert.deepEqual(manifest, winner?.manifest);
      assert.equal(hash, winner?.hash);
    }
    assert.deepEqual((await openRuns(kept.uri).run("claimed").manifest())?.hash, winner?.hash);
  });

  Deno.test(`the first text of a key stays, and its writer knows (${kept.name})`, async () => {
    const storage = openStorage(`${kept.uri}-storage`, STATE);
    assert.equal(await storage.read("a/b.json"), undefined);
    assert.deepEqual(await storage.list(""), []);
    assert.equal(await storage.create("a/b.json", "one ü"), true);
    assert.equal(await storage.create("a/b.json", "two"), false);
    assert.equal(await storage.create("a/b.json", "one ü"), true);
    assert.equal(await storage.read("a/b.json"), "one ü");
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i * i);
    assert.equal(await storage.create("a/b.trees", bytes), true);
    assert.equal(await storage.create("a/b.trees", bytes.with(69_999, 0)), false);
    assert.equal(await storage.create("a/b.trees", bytes), true);
    assert.deepEqual(await storage.readBytes("a/b.trees"), bytes);
    assert.equal(await storage.readBytes("a/c.trees"), undefined);
    const keys = Array.from({ length: LISTED }, (_, index) => `c/${index}`).sort();
    for (let first = 0; first < keys.length; first += 50) {
      await Promise.all(keys.slice(first, first + 50).map((key) => storage.create(key, key)));
    }
    assert.deepEqual(await storage.list(""), ["a/b.json", "a/b.trees", ...keys]);
    assert.deepEqual(await storage.list("c/1"), keys.filter((key) => key.startsWith("c/1")));
  });
}

Deno.test("a resume goes on with the manifest after the alias moved and a file was added", async () => {
  const data = await flights(`${FOLDER}/resumed`, [2]);
  const expected = await keysIn(data);
  const tracking = `--tracking-uri=${FOLDER}/mlruns`;
  const args = scoreArgs(folder(), "resumed", {
    data,
    model: "models:/flights-late@champion",
    more: [tracking],
  });
  const process = startJob([...args, "--rate-limit=1000"]);
  await transactions(OUTPUT, "resumed", 1);
  process.kill("SIGTERM");
  assert.equal((await resultOf(process)).code, 143);
  const before = await published(OUTPUT, "resumed");
  assert.ok(before.length < expected.length);
  await train(FOLDER, 6);
  const promoted = await task("training", [
    "promote",
    "--model=flights-late",
    "--version=2",
    tracking,
  ]);
  assert.equal(promoted.code, 0, promoted.log);
  await flights(data, [3]);
  const resumed = await succeed(args);
  const after = await published(OUTPUT, "resumed");
  assert.deepEqual(after.map(({ key }) => key).toSorted(), expected);
  assert.deepEqual(after.slice(0, before.length), before);
  assert.deepEqual([...new Set(after.map(({ value }) => value.model.version))], ["1"]);
  assert.match(resumed.log, /a new file is left for a new run.*2013-03\.parquet/);
  const next = await succeed(scoreArgs(folder(), "resumed.r2", {
    data,
    model: "models:/flights-late@champion",
    more: [tracking, "--supersedes=resumed"],
  }));
  assert.deepEqual(next.summary["model"], { name: "flights-late", version: "2" });
});

Deno.test("a run is refused where its input changed or is gone, or a flag contradicts it", async () => {
  const data = await flights(`${FOLDER}/changed`, [2]);
  const args = (more: readonly string[] = []) => scoreArgs(folder(), "changed", { data, more });
  await stopped(args(), "changed");
  const file = `${data}/2013-02.parquet`;
  const bytes = await Deno.readFile(file);
  const kept = await published(OUTPUT, "changed");
  // Another file of the same size and rows: some statistic in its footer differs.
  const at = bytes.length - 2_000;
  await Deno.writeFile(file, bytes.with(at, bytes[at]! ^ 1));
  refused(await job(args()), 3, "run.input-changed");
  await Deno.remove(file);
  refused(await job(args()), 3, "run.input-changed");
  await Deno.writeFile(file, bytes);
  for (
    const contradiction of [
      "--shard=0/2",
      "--supersedes=another",
      "--environment=prod",
      "--key-column=carrier",
      "--scheduled-time=2013-10-03T06:00:00Z",
      `--output=${FOLDER}/elsewhere`,
      `--data=${MONTH}`,
      `--model-uri=${FOLDER}/trained-6/model`,
    ]
  ) {
    refused(await job(args([contradiction])), 2, "run.contradiction");
  }
  assert.deepEqual(await published(OUTPUT, "changed"), kept);
  await succeed(args());
  // Nor is it taken for done because it is done elsewhere.
  refused(await job(args([`--output=${FOLDER}/elsewhere`])), 2, "run.contradiction");
  refused(await job(args(["--kafka-bootstrap-servers=127.0.0.1:1"])), 2, "run.contradiction");
  assert.deepEqual(
    (await published(OUTPUT, "changed")).map(({ key }) => key).toSorted(),
    await keysIn(data),
  );
});

Deno.test("progress that is lost is never taken for a new run", async () => {
  const args = scoreArgs(folder(), "lost");
  await stopped(args, "lost");
  const before = await published(OUTPUT, "lost");
  await Deno.remove(`${OUTPUT}/lost/_progress`, { recursive: true });
  // Not even at the second try, which would find what the first had left.
  for (let attempt = 0; attempt < 2; attempt++) {
    refused(await job(args), 4, "publishing.progress-vanished");
  }
  assert.deepEqual(await published(OUTPUT, "lost"), before);
});

Deno.test("the day before the slot is scored, and an empty one only if that is allowed", async () => {
  const days = `${FOLDER}/days`;
  await flights(`${days}/day=2013-10-01`, [2]);
  const args = (run: string, data: string, more: readonly string[] = []) =>
    scoreArgs(folder(), run, { data, more: ["--input-partition=day={yyyy}-{MM}-{dd}", ...more] });
  const scored = await succeed(args("day", days));
  assert.equal(scored.summary["accepted"], (await keysIn(days)).length);
  refused(await job(args("empty", days, ["--input-lag-days=0"])), 3, "data.empty");
  refused(await job(args("wrong", `${FOLDER}/no-days`, ["--allow-empty"])), 3, "data.not-found");
  const empty = await succeed(args("empty", days, ["--input-lag-days=0", "--allow-empty"]));
  assert.equal(empty.summary["rows"], 0);
  assert.equal(empty.summary["status"], "complete");
});

Deno.test("--retry-for waits for a dependency; without it the run ends at once with exit code 4", async () => {
  const kept = await bucket();
  const port = unusedPort();
  const env = { ...kept.env, ...awsAt(`http://127.0.0.1:${port}`) };
  refused(await job(scoreArgs(kept, "waited"), env), 4, "storage.unreachable");
  const process = startJob(scoreArgs(kept, "waited", { more: ["--retry-for=5m"] }), env);
  const stderr = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let log = "";
  while (!log.includes("trying again")) {
    const { done, value } = await stderr.read();
    assert.ok(!done, log);
    log += value;
  }
  await using _s3 = forward(new URL(provided("ML_TEST_S3")), { port });
  while (!(await stderr.read()).done);
  const { code } = await process.status;
  await process.stdout.cancel();
  assert.equal(code, 0, log);
  assert.deepEqual(
    (await published(OUTPUT, "waited")).map(({ key }) => key).toSorted(),
    await keysIn(MONTH),
  );
});

Deno.test("an attempt whose answer was lost knows that it was the first", async () => {
  const kept = await bucket();
  await using s3 = forward(new URL(provided("ML_TEST_S3")), { lose: 1 });
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tests/runs/create_twice.ts", kept.uri],
    env: awsAt(`http://127.0.0.1:${s3.port}`),
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  assert.equal(s3.lost, 1);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {
    first: true,
    second: false,
    text: "mine",
  });
});

Deno.test("what is wrong with the place of the state is said", async () => {
  const nowhere: Kept = { name: "", uri: "s3://there-is-no-such-bucket/x", env: KEPT[1]!.env };
  refused(await job(scoreArgs(nowhere, "x"), nowhere.env), 4, "storage.no-bucket");
  const nobody = {
    AWS_ACCESS_KEY_ID: "",
    AWS_SECRET_ACCESS_KEY: "",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  refused(await job(scoreArgs(nowhere, "x"), nobody), 4, "storage.no-credentials");
  refused(await job(scoreArgs({ ...nowhere, uri: "gs://x/y" }, "x")), 2, "storage.uri-invalid");
  await Deno.writeTextFile(`${FOLDER}/file`, "");
  const file = scoreArgs({ ...nowhere, uri: `${FOLDER}/file` }, "x");
  refused(await job(file), 4, "storage.folder-unusable");
  const hosts = ["algo-1", "algo-2"];
  const unnamed = scoreArgs(folder(), "x").filter((arg) => !/^--(run-id|scheduled)/.test(arg));
  const root = await hostTree(FOLDER, "algo-1", hosts);
  refused(await job(unnamed, { ML_ROOT: root }), 2, "run.unnamed");
});

Deno.test("shards on Kafka with their state on S3: killed, resumed, complete once, never begun twice", async () => {
  const kept = KEPT[1]!;
  const servers = provided("ML_TEST_KAFKA");
  const topic = `runs-${crypto.randomUUID()}`;
  const connection = { bootstrapServers: servers };
  const topics = { connection, topic, partitions: 3, replicationFactor: -1, log: silentLog };
  const to = [`--kafka-bootstrap-servers=${servers}`, `--kafka-output-topic=${topic}`];
  const args = (run: string, shard: string) =>
    scoreArgs(kept, run, {
      data: MONTHS,
      more: [...to, "--batch-size=1000", `--shard=${shard}/2`],
    });
  const state = openRuns(kept.uri).run("kafka");
  // A topic that is not there leaves no manifest.
  refused(await job(args("kafka", "0"), kept.env), 4, "kafka.topic-missing");
  assert.equal(await state.manifest(), undefined);
  await createTopics(topics);
  const killed = ["0", "1"].map((shard) =>
    startJob([...args("kafka", shard), "--rate-limit=2000"], kept.env)
  );
  for (const shard of [0, 1]) {
    const group = `local.inference.kafka.${shard}`;
    await until("both publish", async () => await committed(servers, group, topic) > 0);
  }
  for (const process of killed) process.kill("SIGKILL");
  await Promise.all(killed.map((process) => process.output()));
  const results = await Promise.all(
    ["1", "0"].map((shard) => job(args("kafka", shard), kept.env)),
  );
  for (const { code, log } of results) assert.equal(code, 0, log);
  const keys = (await readCommitted(topic)).map(({ key }) => key).toSorted();
  // Each flight once, and one record of the completed run.
  assert.deepEqual(keys, [...await keysIn(MONTHS), "kafka"].sort());

  const lost = startJob([...args("lost-offsets", "0"), "--rate-limit=1000"], kept.env);
  const group = "local.inference.lost-offsets.0";
  await until("it publishes", async () => await committed(servers, group, topic) > 0);
  lost.kill("SIGKILL");
  await lost.output();
  await deleteGroup(servers, group);
  refused(await job(args("lost-offsets", "0"), kept.env), 4, "publishing.progress-vanished");
});

async function killedAt(
  step: number,
  [, ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ signal: Deno.Signal | null; output: string }> {
  const script = new URL("runs/score_killed.ts", import.meta.url).href;
  const { signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", script, `${step}`, ...args],
    env: { ...env },
  }).output();
  const decoder = new TextDecoder();
  return { signal, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function stopped(args: readonly string[], run: string): Promise<void> {
  const process = startJob([...args, "--rate-limit=1000"]);
  await transactions(OUTPUT, run, 1);
  process.kill("SIGTERM");
  assert.equal((await resultOf(process)).code, 143);
}
