/** Runs as they end: by which process, replaced by another, replayed, or completed by hand. */
import assert from "node:assert/strict";
import { resultOf } from "./job/task.ts";
import { flights, keysIn, published, train, transactions } from "./runs/place.ts";
import { job, startJob, succeed } from "./runs/process.ts";
import { FOLDER, folder, KEPT, MONTH, MONTHS, OUTPUT, refused, scoreArgs } from "./runs/scoring.ts";

Deno.test("a run is superseded once it is complete or abandoned", async () => {
  const kept = KEPT[1]!;
  const old = "old";
  const replacing = (run: string, supersedes: string) =>
    job(scoreArgs(kept, run, { more: [`--supersedes=${supersedes}`] }), kept.env);
  refused(await replacing("a", "never-was"), 2, "run.superseded-unknown");
  const process = startJob(scoreArgs(kept, old, { more: ["--rate-limit=300"] }), kept.env);
  await transactions(OUTPUT, old, 2);
  refused(await replacing("a", old), 2, "run.superseded-incomplete");
  const state = `--run-state=${kept.uri}`;
  await succeed(["runs", "abandon", old, "--reason=wrong day", state], kept.env);
  // The process that still publishes it notices.
  refused(await resultOf(process), 6, "run.abandoned");
  refused(await job(scoreArgs(kept, old), kept.env), 2, "run.abandoned");
  const replaced = await replacing("new", old);
  assert.equal(replaced.code, 0, replaced.log);
  assert.equal(replaced.summary["supersedes"], old);
  refused(await job(["runs", "abandon", "new", state], kept.env), 2, "run.complete");
  const { summary } = await succeed(["runs", "list", "--limit=1000", state], kept.env);
  const listed = summary["runs"] as { run_id: string; status: string }[];
  const statusOf = (run: string) => listed.find(({ run_id }) => run_id === run)?.status;
  assert.equal(statusOf(old), "abandoned");
  assert.equal(statusOf("new"), "complete");
});

Deno.test("replay scores the very same inputs, again or with another model", async () => {
  const data = await flights(`${FOLDER}/replayed`, [2]);
  await succeed(scoreArgs(folder(), "replayed", { data }));
  const keys = await keysIn(data);
  await flights(data, [3]);
  const args = [`--run-state=${folder().uri}`, `--output=${OUTPUT}`];
  const first = await succeed(["runs", "replay", "replayed", ...args]);
  assert.equal(first.summary["run_id"], "replayed.r2");
  assert.equal(first.summary["supersedes"], "replayed");
  assert.equal(first.summary["scored_at"], "2013-10-02T06:00:00.000Z");
  assert.deepEqual((await succeed(["runs", "replay", "replayed", ...args])).summary, first.summary);
  const other = await train(`${FOLDER}/other`, 3);
  const second = await succeed(["runs", "replay", "replayed.r2", `--model-uri=${other}`, ...args]);
  assert.equal(second.summary["run_id"], "replayed.r3");
  assert.notDeepEqual(second.summary["model"], first.summary["model"]);
  for (const run of ["replayed.r2", "replayed.r3"]) {
    const lines = await published(OUTPUT, run);
    assert.deepEqual(lines.map(({ key }) => key).toSorted(), keys);
  }
  const elsewhere = [args[0]!, `--output=${FOLDER}/elsewhere`];
  refused(await job(["runs", "replay", "replayed.r3", ...elsewhere]), 2, "run.contradiction");
  refused(await job(["runs", "replay", "no-such-run", ...args]), 2, "run.unknown");
});

Deno.test("one process runs the shards that it is given, and the last of all completes the run", async () => {
  const args = (shard: string) =>
    scoreArgs(folder(), "several", { data: MONTHS, more: [`--shard=${shard}`] });
  const first = await succeed(args("0,2/4"));
  assert.equal(first.summary["status"], "shards-done");
  assert.deepEqual(first.summary["waiting_for"], [1, 3]);
  const again = await succeed(args("0,2/4"));
  assert.deepEqual(again.summary["waiting_for"], [1, 3]);
  const last = await succeed(args("1,3/4"));
  assert.equal(last.summary["status"], "complete");
  assert.deepEqual((await succeed(args("0/4"))).summary, last.summary);
  const lines = await published(OUTPUT, "several");
  assert.deepEqual(lines.map(({ key }) => key).toSorted(), await keysIn(MONTHS));
});

Deno.test("a run whose mark of completion was lost is completed without another message", async () => {
  const args = scoreArgs(folder(), "marked");
  const { summary } = await succeed(args);
  const before = await published(OUTPUT, "marked");
  await Deno.remove(`${folder().uri}/marked/complete.json`);
  // Nor does it matter by then that the progress is gone.
  await Deno.remove(`${OUTPUT}/marked/_progress`, { recursive: true });
  assert.deepEqual((await succeed(args)).summary, summary);
  assert.deepEqual(await published(OUTPUT, "marked"), before);
});

Deno.test("runs complete announces what is published, once, when whoever should have has died", async () => {
  const args = (shard: string) =>
    scoreArgs(folder(), "died", { data: MONTHS, more: [`--shard=${shard}`] });
  const complete = [
    ...["runs", "complete", "died", `--run-state=${folder().uri}`, `--output=${OUTPUT}`],
  ];
  refused(await job(complete), 2, "run.unknown");
  await succeed(args("0/2"));
  const early = await job(complete);
  refused(early, 4, "run.incomplete");
  assert.match(early.log, /shards 1 of 2 are not published/);
  const { summary } = await succeed(args("1/2"));
  const before = await published(OUTPUT, "died");
  // Dead between its last transaction and the record of completion.
  await Deno.remove(`${folder().uri}/died/complete.json`);
  for (let attempt = 0; attempt < 2; attempt++) {
    assert.deepEqual((await succeed(complete)).summary, summary);
  }
  assert.deepEqual(await published(OUTPUT, "died"), before);
});

Deno.test("a run that finds no room for its predictions goes on once there is some", async () => {
  const args = (more: readonly string[]) => scoreArgs(folder(), "no-room", { more });
  const begun = startJob(args(["--rate-limit=1000"]));
  await transactions(OUTPUT, "no-room", 1);
  begun.kill("SIGTERM");
  assert.equal((await resultOf(begun)).code, 143);
  const before = await published(OUTPUT, "no-room");
  // The system writes a part of what is larger, then refuses, as it does on a full disk.
  const small = ["sh", "-c", "trap '' XFSZ; ulimit -f 2000; exec \"$@\"", "sh"];
  refused(await resultOf(startJob(args([]), {}, "inference", small)), 4, "sink.not-writable");
  assert.deepEqual(await published(OUTPUT, "no-room"), before);
  const left = (await Array.fromAsync(Deno.readDir(`${OUTPUT}/no-room/_progress`)))
    .map(({ name }) => name).sort();
  assert.deepEqual(left, ["shard-0.json", "shard-0.lock"]);
  await succeed(args([]));
  const keys = (await published(OUTPUT, "no-room")).map(({ key }) => key);
  assert.deepEqual(keys.toSorted(), await keysIn(MONTH));
});

Deno.test("state that somebody has marred is named, and the run goes on once it is restored", async () => {
  const args = (shard: string, more: readonly string[] = []) =>
    scoreArgs(folder(), "marred", { data: MONTHS, more: [`--shard=${shard}`, ...more] });
  await succeed(args("0/2"));
  const place = `${folder().uri}/marred`;
  for (
    const [name, more] of [["baseline.json", []], ["checked.json", ["--on-drift=fail"]]] as const
  ) {
    const kept = await Deno.readTextFile(`${place}/${name}`).catch(() => undefined);
    await Deno.writeTextFile(`${place}/${name}`, "[]");
    const result = await job(args("1/2", more));
    refused(result, 4, "run.state-unreadable");
    assert.match(result.log, new RegExp(`marred/${name}: it: `));
    if (kept === undefined) await Deno.remove(`${place}/${name}`);
    else await Deno.writeTextFile(`${place}/${name}`, kept);
  }
  assert.equal((await succeed(args("1/2"))).summary["status"], "complete");
});
