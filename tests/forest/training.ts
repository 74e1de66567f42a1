/**
 * The kernel and its threads: what needs more permissions than the pure tests have.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildKernel } from "../../jobs/lib/forest/kernel/build.ts";
import {
  blockFolder,
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

Deno.test("forestEngine takes at most 150 bytes a row and 12 MB a thread, at a million rows of 28 columns", async () => {
  const code = (threads: number) => `
    import { forestEngine } from "${import.meta.resolve("../../jobs/lib/forest/mod.ts")}";
    const rows = 1e6;
    const labels = new Int32Array(rows);
    let state = 1;
    const next = () => state = Math.imul(state, 1664525) + 1013904223 | 0;
    for (let row = 0; row < rows; row++) labels[row] = next() >>> 31;
    const columns = Array.from({ length: 28 }, (_, c) => {
      const column = new Float32Array(rows);
      for (let row = 0; row < rows; row++) column[row] = next() / 2 ** 31 + labels[row] * c / 50;
      return column;
    });
    const matrix = { rows, columns, names: columns.map((_, c) => "c" + c) };
    const memory = (what) => Number(
      new RegExp(what + ":\\\\s+(\\\\d+)").exec(Deno.readTextFileSync("/proc/self/status"))[1],
    ) * 1024;
    const before = memory("VmRSS");
    const options = ${JSON.stringify({ ...OPTIONS, trees: 6, maxDepth: 10, threads })};
    await forestEngine.train({ matrix, labels, classes: 2 }, options);
    console.log(memory("VmHWM") - before);
  `;
  for (const threads of [1, 2]) {
    // Linux alone tells a process its peak; /proc is read with all permissions only.
    const [peak] = await run(code(threads), "--allow-all");
    const most = 150 * 1e6 + 12 * 2 ** 20 * threads;
    assert.ok(Number(peak) <= most, `${threads} threads: ${Number(peak) / 1e6} MB`);
  }
});

Deno.test("forestEngine keeps no memory from one training to the next", async () => {
  const code = `
    import { forestEngine } from "${import.meta.resolve("../../jobs/lib/forest/mod.ts")}";
    import { mixedSet } from "${import.meta.resolve("./arbitrary.ts")}";
    const set = mixedSet(100_000, 20, 2, 1);
    const options = ${JSON.stringify({ ...OPTIONS, trees: 12, maxDepth: 4, threads: 2 })};
    const grow = async (times) => {
      for (let i = 0; i < times; i++) await forestEngine.train(set, options);
      gc();
      return Deno.memoryUsage().rss / 2 ** 20;
    };
    const before = await grow(8);
    console.log(await grow(32) - before);
  `;
  // A training takes about 15 MB; the last may not have been given back yet.
  const [grown] = await run(code, "--allow-read", "--v8-flags=--expose-gc");
  assert.ok(Number(grown) < 60, `${grown} MB more`);
});

Deno.test("forestEngine goes on after kill -9, and ends with the identical forest", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const code = `
      import { blockFolder, forestEngine } from "${
      import.meta.resolve("../../jobs/lib/forest/mod.ts")
    }";
      import { mixedSet } from "${import.meta.resolve("./arbitrary.ts")}";
      const store = blockFolder("${folder}/checkpoints");
      await forestEngine.train(mixedSet(60000, 9, 3, 1), ${JSON.stringify(OPTIONS)}, {
        checkpoints: { store, identity: "a", seconds: 0 },
      });
    `;
    const store = blockFolder(`${folder}/checkpoints`);
    const child = command(code, "--allow-read", "--allow-write").spawn();
    while ((await store.list()).length < 4) await setTimeout(5);
    child.kill("SIGKILL");
    await child.output();
    const blocks = (await store.list()).length;
    assert.ok(blocks < OPTIONS.trees, `${blocks} blocks`);

    const set = mixedSet(60_000, 9, 3, 1);
    const expected = await train(set, {});
    const { forest, grown } = await resume(folder, set, {});
    assert.deepEqual(forest, expected);
    assert.ok(grown <= OPTIONS.trees - blocks, `${grown} trees grown again`);
    // Now all are there, whatever the number of threads.
    assert.equal((await resume(folder, set, { threads: 2 })).grown, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("forestEngine takes no tree of other data, options or schema, and none that is damaged", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const set = mixedSet(500, 4, 2, 1);
    const checkpoints = `${folder}/checkpoints`;
    await resume(folder, set, {});
    const [name = ""] = await blockFolder(checkpoints).list();
    const other = mixedSet(500, 4, 2, 1);
    other.matrix.columns[3]![499]! += 1;
    for (const [changedSet, changes] of [[other, {}], [set, { seed: 43 }]] as const) {
      const { forest, grown, notices } = await resume(folder, changedSet, changes);
      assert.equal(grown, OPTIONS.trees);
      assert.match(notices.join(), /of another training/);
      assert.deepEqual(forest, await train(changedSet, changes));
    }
    assert.equal((await resume(folder, set, {}, "other schema")).grown, OPTIONS.trees);

    const whole = await Deno.readFile(`${checkpoints}/${name}`);
    for (const { name } of Deno.readDirSync(checkpoints)) Deno.removeSync(`${checkpoints}/${name}`);
    await Deno.writeFile(`${checkpoints}/half.trees`, whole.subarray(0, whole.length / 2));
    await Deno.writeFile(
      `${checkpoints}/flipped.trees`,
      whole.map((b, i) => i === 999 ? b ^ 1 : b),
    );
    await Deno.writeTextFile(`${checkpoints}/notes.txt`, "");
    const { forest, grown, notices } = await resume(folder, set, {});
    assert.equal(grown, OPTIONS.trees);
    assert.match(notices.join(), /damaged files are left alone: 3/);
    assert.deepEqual(forest, await train(set, {}));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("forestEngine says where checkpoints cannot be kept, before the first tree", async () => {
  const store = blockFolder("/dev/null/checkpoints");
  await assert.rejects(
    forestEngine.train(mixedSet(50, 2, 2, 1), OPTIONS, { checkpoints: { store, identity: "" } }),
    /Cannot keep finished trees: \/dev\/null\/checkpoints: .* Give --checkpoint-dir a folder/,
  );
});

/** Trains with checkpoints. @returns Also how many trees it had to grow. */
async function resume(
  folder: string,
  set: TrainingSet,
  changes: Partial<ForestOptions>,
  identity = "a",
): Promise<{ forest: TrainedForest; grown: number; notices: string[] }> {
  const notices: string[] = [];
  const forest = await forestEngine.train(set, { ...OPTIONS, ...changes }, {
    checkpoints: { store: blockFolder(`${folder}/checkpoints`), identity },
    onNotice: (notice) => notices.push(notice),
  });
  const there = Number(/(\d+) trees are there/.exec(notices.join())?.[1] ?? 0);
  return { forest, grown: OPTIONS.trees - there, notices };
}

function train(set: TrainingSet, changes: Partial<ForestOptions>): Promise<TrainedForest> {
  return forestEngine.train(set, { ...OPTIONS, ...changes });
}

/** Runs a module in a process of its own. @returns The lines it prints. */
async function run(code: string, ...permissions: string[]): Promise<string[]> {
  const { success, stdout, stderr } = await command(code, ...permissions).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n");
}

function command(code: string, ...permissions: string[]): Deno.Command {
  const config = fileURLToPath(import.meta.resolve("../../deno.json"));
  const module = `data:text/typescript,${encodeURIComponent(code)}`;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--config", config, ...permissions, module],
    stdout: "piped",
    stderr: "piped",
  });
}
