/**
 * What happens between attempts: another day's run, lost progress, renumbered hosts, a new champion.
 */

import assert from "node:assert/strict";
import type { Cluster } from "../../scripts/services/mod.ts";
import { task } from "../job/task.ts";
import { startProxy } from "./proxy.ts";
import {
  assertWhole,
  attempt,
  type AttemptOptions,
  finish,
  gate,
  happens,
  newRun,
  type Run,
  succeeds,
} from "./run.ts";
import { admin, EXTENDED, makeTopic, world } from "./world.ts";

Deno.test("score: yesterday's run, resumed late, and today's run do not disturb each other", async () => {
  const yesterday = await newRun();
  const today = await newRun({ topic: yesterday.topic, day: "split" });
  await killMidway(yesterday);
  const attempts = await Promise.all([attempt(today), attempt(yesterday)]);
  const [ofToday, ofYesterday] = await Promise.all([
    succeeds(attempts[0], today),
    succeeds(attempts[1], yesterday),
  ]);
  await assertWhole(today, ofToday);
  await assertWhole(yesterday, ofYesterday);
});

const LOSSES: Record<string, (run: Run, group: string) => Promise<void>> = {
  "offsets were deleted": ({ cluster, topic }, group) =>
    consumerGroups(cluster, ["--delete-offsets", "--group", group, "--topic", topic]),
  "group was deleted": ({ cluster }, group) => admin(cluster, "delete-group", group),
  "topic was deleted and made again": async ({ cluster, topic }) => {
    await admin(cluster, "delete-topics", topic, `${topic}.dead-letter`, `${topic}.runs`);
    await makeTopic(cluster, topic);
  },
};

for (const [loss, lose] of Object.entries(LOSSES)) {
  Deno.test(`score: a run whose ${loss} never begins again by itself`, async () => {
    const run = await newRun();
    await killMidway(run);
    await lose(run, groupOf(run));
    await refusesTwice(run);
  });
}

if (EXTENDED) {
  Deno.test("score: a run whose offsets have expired never begins again by itself", async () => {
    const run = await newRun({ cluster: "forgetful" });
    await killMidway(run);
    await admin(run.cluster, "forgotten", groupOf(run));
    await refusesTwice(run);
  });
}

Deno.test("score: a run whose topic has other partitions now is refused", async () => {
  const run = await newRun();
  await killMidway(run);
  await admin(run.cluster, "partitions", "5", run.topic);
  const { code, log } = await (await attempt(run)).result;
  assert.equal(code, 4, log);
  assert.match(log, /"code":"run\.partitions-changed"/);
  assert.match(log, new RegExp(`topic ${run.topic} has 5 partitions, but had 3`));
  // The principal of these tests may not see the settings of topics, and is told what that means.
  assert.match(log, /"level":"warn","message":"[^"]*DescribeConfigs/);
});

Deno.test("score: shards are finished by other hosts than began them", async () => {
  const run = await newRun({ day: "split" });
  const shard = (parts: string): AttemptOptions => ({ args: [`--shard=${parts}/3`] });
  await Promise.all(["0", "1", "2"].map((part) => killMidway(run, shard(part))));
  const attempts = await Promise.all([attempt(run, shard("2")), attempt(run, shard("0,1"))]);
  const summaries = await Promise.all(attempts.map((attempt) => succeeds(attempt, run)));
  await assertWhole(run, summaries.find(({ status }) => status === "complete"));
});

Deno.test("score: a resume keeps its model and its files when the alias moves and a file is added", async () => {
  const { folder, trackingUri } = await world();
  const run = await newRun({ day: "split" });
  const data = `${folder}/growing`;
  await Deno.mkdir(data);
  const copy = (from: string, to: string) => Deno.copyFile(`${run.data}/${from}`, `${data}/${to}`);
  for (const part of [0, 1, 2, 3]) await copy(`part-${part}.parquet`, `part-${part}.parquet`);
  const growing = { ...run, data };
  await killMidway(growing);
  await copy("part-0.parquet", "added.parquet");
  const tracking = [`--tracking-uri=${trackingUri}`];
  const trained = await task("train", [
    "--config=examples/flights/config.json",
    ...["--n-estimators=1", "--max-depth=1", `--output=${folder}/second`, ...tracking],
  ]);
  const promote = ["promote", "--model=flights-late", ...tracking];
  const promoted = await task("training", [...promote, "--version=2"]);
  assert.equal(promoted.code, 0, trained.log + promoted.log);
  const summary = await finish(growing);
  const { versions } = await assertWhole(growing, summary);
  assert.deepEqual(versions, ["1"]);
});

function groupOf({ id }: Run): string {
  return `faults.inference.${id}.0`;
}

/** The refusal must not look like progress to the next attempt. */
async function refusesTwice(run: Run): Promise<void> {
  for (const _ of [1, 2]) {
    const { code, log } = await (await attempt(run)).result;
    assert.equal(code, 4, log);
    assert.match(log, /"code":"publishing\.progress-vanished"/);
  }
}

/** Kills an attempt once it has published a part of its rows. */
async function killMidway(run: Run, options: AttemptOptions = {}): Promise<void> {
  const midway = gate();
  await using proxy = startProxy(run.cluster.saslBootstrapServers, ({ request, nth, when }) => {
    if (request === "EndTxn" && nth === 4 && when === "after") midway.open();
    return "pass";
  });
  const scoring = await attempt(run, { ...options, servers: proxy.bootstrapServers });
  await happens(midway.opened, scoring);
  scoring.signal("SIGKILL");
  assert.equal((await scoring.result).signal, "SIGKILL");
}

/** Kafka's own tool. */
async function consumerGroups(cluster: Cluster, args: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(cluster.java, {
    args: [
      ...["-XX:TieredStopAtLevel=1", "-cp", `${cluster.jars}/*`],
      "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
      ...["--bootstrap-server", cluster.bootstrapServers, ...args],
    ],
  }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stdout) + decoder.decode(stderr));
}
