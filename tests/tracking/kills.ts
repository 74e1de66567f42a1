/**
 * Trainings that are killed while they write into the file store.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { openStore, resolveModel } from "../../jobs/lib/mlflow/mod.ts";
import { EXTENDED, folder, MODEL, train, trainArgs } from "./place.ts";
import { survey } from "./survey.ts";

const SCRIPT = new URL("killed.ts", import.meta.url).pathname;
const KILLED = 137;

Deno.test("a training that is killed at any change of the file store leaves it whole, and the next goes on", async () => {
  const counted = killedAt(0, `${folder}/counted/mlruns`);
  const { code, stderr } = await counted.output();
  const log = new TextDecoder().decode(stderr);
  assert.equal(code, 0, log);
  const changes = Number(/changes: (\d+)/.exec(log)?.[1]);
  assert.ok(changes > 100, `${changes} changes`);

  // One store for all: each training goes on with what the one before left.
  const root = `${folder}/killed/mlruns`;
  for (const point of pointsOf(changes)) {
    const { code, stderr } = await killedAt(point, root).output();
    // In a store that has things already a training may make a few changes less.
    const wasOver = (code === 0 || code === 5) && point > 0.9 * changes;
    assert.ok(code === KILLED || wasOver, `${point}: ${new TextDecoder().decode(stderr)}`);
    await isWhole(root, `change ${point} of ${changes}`);
  }
  await goesOn(root);
});

Deno.test("so does one that is killed at any instant", async () => {
  const root = `${folder}/instants/mlruns`;
  for (let i = 0; i < (EXTENDED ? 40 : 3); i++) {
    const child = killedAt(0, root);
    const before = await folderCount(root);
    const ended = child.output();
    while (await folderCount(root) === before) await sleep(2);
    const after = Math.random() * 400;
    await sleep(after);
    try {
      child.kill("SIGKILL");
    } catch {
      // It was faster.
    }
    await ended;
    await isWhole(root, `${after.toFixed(0)} ms after its first change`);
  }
  await goesOn(root);
});

/** Some from everywhere, other ones each time. */
function pointsOf(changes: number): number[] {
  const count = EXTENDED ? 60 : 5;
  const start = Math.random();
  return Array.from({ length: count }, (_, i) => 1 + Math.floor((i + start) * changes / count));
}

function killedAt(point: number, root: string): Deno.ChildProcess {
  const training = trainArgs({ name: `at-${point}`, trackingUri: root, seed: point });
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", SCRIPT, String(point), root, ...training],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Python reads everything, every version loads, and no alias or stage is lost. */
async function isWhole(root: string, when: string): Promise<void> {
  const { complaints, runs, models, logged } = await survey(root);
  assert.deepEqual(complaints, [], when);
  for (const { status } of logged) assert.match(status, /READY/, when);
  for (const run of runs) {
    for (const [key, points] of Object.entries(run.points)) {
      assert.ok(points > 0, `${when}: ${key}`);
    }
  }
  const store = await openStore({ trackingUri: root });
  for (const { name, versions, aliases } of models) {
    for (const { version } of versions) {
      const uri = `models:/${name}/${version}`;
      assert.ok((await resolveModel(uri, () => Promise.resolve(store))).digest, when);
    }
    const ours = await store.findAlias(name, "champion");
    assert.equal(ours?.version, aliases["champion"], when);
  }
}

/** The next training is promoted, and then there is one champion, in production, that loads. */
async function goesOn(root: string): Promise<void> {
  const next = await train({ name: "next", trackingUri: root });
  assert.ok(next.code === 0 || next.code === 5, next.log);
  await isWhole(root, "after the next training");
  const { runs, models: [model, ...others] } = await survey(root);
  assert.ok(model && others.length === 0);
  assert.equal(runs.find(({ id }) => id === next.summary["run_id"])?.status, "FINISHED");
  assert.equal(model.name, MODEL);
  assert.equal(model.aliases["challenger"], next.summary["version"]);
  const champions = model.versions.filter(({ aliases }) => aliases.includes("champion"));
  assert.equal(champions.length, 1);
  const production = model.versions.filter(({ stage }) => stage === "Production");
  assert.deepEqual(production.map(({ version }) => version), [champions[0]?.version]);
}

async function folderCount(root: string): Promise<number> {
  try {
    return (await Array.fromAsync(Deno.readDir(`${root}/.incoming.trash`))).length;
  } catch {
    return 0;
  }
}
