/**
 * The kernel and its threads: what needs more permissions than the pure tests have.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { buildKernel } from "../../jobs/lib/forest/kernel/build.ts";
import {
  forestEngine,
  type ForestOptions,
  type TrainedForest,
  type TrainingSet,
} from "../../jobs/lib/forest/mod.ts";
import { mixedSet } from "./arbitrary.ts";

const OPTIONS: ForestOptions = {
  objective: "classification",
  trees: 60,
  maxDepth: 8,
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  classWeight: "none",
  seed: 42,
  threads: 1,
};

Deno.test("kernel.wasm is what its sources make, byte for byte", async () => {
  const url = new URL("../../jobs/lib/forest/kernel/kernel.wasm", import.meta.url);
  assert.deepEqual(await buildKernel(), await Deno.readFile(url));
});

Deno.test("forestEngine grows the identical forest on one, two and five threads", async () => {
  for (const classes of [2, 3, 0]) {
    const set = mixedSet(20_000, 9, classes, 1);
    const objective = classes === 0 ? "regression" : "classification";
    const one = await train(set, { objective });
    assert.deepEqual(await train(set, { objective, threads: 2 }), one);
    assert.deepEqual(await train(set, { objective, threads: 5 }), one);
  }
});

Deno.test("forestEngine stops its workers when told to, wherever they are", async () => {
  const set = mixedSet(50_000, 9, 2, 1);
  for (const trees of [1, 7]) {
    const control = new AbortController();
    const reason = new Error("enough");
    const training = forestEngine.train(set, { ...OPTIONS, trees: 4000, threads: 3 }, {
      signal: control.signal,
      onProgress: ({ trees: done }) => {
        if (done === trees) control.abort(reason);
      },
    });
    await assert.rejects(training, reason);
  }
});

Deno.test("forestEngine trains with workers and nothing but leave to read, or without them", async () => {
  const code = `
    import { forestEngine } from "${import.meta.resolve("../../jobs/lib/forest/mod.ts")}";
    import { mixedSet } from "${import.meta.resolve("./arbitrary.ts")}";
    const options = ${JSON.stringify({ ...OPTIONS, threads: 2 })};
    const onNotice = (notice) => console.log(notice);
    const { forest } = await forestEngine.train(mixedSet(20000, 9, 2, 1), options, { onNotice });
    console.log(forest.trees.length);
  `;
  assert.deepEqual(await run(code, "--allow-read"), ["60"]);
  const [notice = "", trees] = await run(code);
  assert.match(notice, /with a thread less: Requires read access/);
  assert.equal(trees, "60");
});

Deno.test("forestEngine keeps no memory from one training to the next", async () => {
  const set = mixedSet(100_000, 20, 2, 1);
  const options = { trees: 12, maxDepth: 4, threads: 2 };
  for (let i = 0; i < 8; i++) await train(set, options);
  const before = Deno.memoryUsage().rss;
  for (let i = 0; i < 32; i++) await train(set, options);
  // A training takes about 15 MB. Some of them may wait for the garbage collector, not all.
  const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert.ok(grown < 200, `${grown} MB more`);
});

function train(set: TrainingSet, changes: Partial<ForestOptions>): Promise<TrainedForest> {
  return forestEngine.train(set, { ...OPTIONS, ...changes });
}

/** Runs a module in a process of its own. @returns The lines it prints. */
async function run(code: string, ...permissions: string[]): Promise<string[]> {
  const config = fileURLToPath(import.meta.resolve("../../deno.json"));
  const module = `data:text/typescript,${encodeURIComponent(code)}`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--config", config, ...permissions, module],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n");
}
