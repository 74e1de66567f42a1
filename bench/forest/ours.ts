/**
 * Trains one forest of ours and prints what it took and how good it is, as JSON.
 *
 * usage: ours.ts DIR TREES DEPTH THREADS   (depth 0: unlimited)
 *
 * @module
 */
import process from "node:process";
import { logLoss, rocAuc } from "../../jobs/lib/evaluation/mod.ts";
import { forestEngine, type Matrix, predict } from "../../jobs/lib/forest/mod.ts";

const [folder = "", trees = "100", depth = "10", threads = "2"] = Deno.args;

async function read(part: string): Promise<{ matrix: Matrix; labels: Int32Array }> {
  const labels = Int32Array.from(await Deno.readFile(`${folder}/${part}.y`));
  const values = new Float32Array((await Deno.readFile(`${folder}/${part}.x`)).buffer);
  const rows = labels.length;
  const columns = Array.from(
    { length: values.length / rows },
    (_, c) => values.subarray(c * rows, (c + 1) * rows),
  );
  return { matrix: { rows, columns, names: columns.map((_, c) => `c${c}`) }, labels };
}

const started = performance.now();
const { forest } = await forestEngine.train({ ...await read("train"), classes: 2 }, {
  objective: "classification",
  trees: Number(trees),
  maxDepth: Number(depth),
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  classWeight: "none",
  seed: 42,
  threads: Number(threads),
});
const { user, system } = process.cpuUsage();
const wall = (performance.now() - started) / 1000;
const rss = Number(/VmHWM:\s+(\d+)/.exec(await Deno.readTextFile("/proc/self/status"))?.[1]) * 1024;

const test = await read("test");
const [, probability = new Float32Array()] = predict(forest, test.matrix);
const right = test.labels.filter((label, row) => label === Number((probability[row] ?? 0) > 0.5));
const result = JSON.stringify({
  cpu: (user + system) / 1e6,
  wall,
  rss,
  auc: rocAuc(Uint8Array.from(test.labels), probability),
  accuracy: right.length / test.labels.length,
  log_loss: logLoss(test.labels, [probability.map((p) => 1 - p), probability]),
});
Deno.stdout.writeSync(new TextEncoder().encode(`${result}\n`));
