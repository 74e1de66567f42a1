/**
 * Trains one forest of ours and prints what it took and how good it is, as JSON.
 *
 * usage: ours.ts DIR TREES DEPTH THREADS   (depth 0: unlimited)
 *
 * @module
 */
import process from "node:process";
import { logLoss, rocAuc } from "../../jobs/lib/evaluation/mod.ts";
import type { FeatureSchema } from "../../jobs/lib/dataset/mod.ts";
import { forestEngine, predict, readOnnx, writeOnnx } from "../../jobs/lib/forest/mod.ts";
import { readRows } from "./rows.ts";

const [folder = "", trees = "100", depth = "10", threads = "2"] = Deno.args;

const started = performance.now();
const { matrix, labels } = await readRows(folder, "train");
const { forest } = await forestEngine.train({ matrix, labels, classes: 2 }, {
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

// The model's file: its size, and what it takes to write and to read it.
const schema: FeatureSchema = {
  version: 1,
  target: { objective: "classification", label: "y", kind: "boolean", classes: [false, true] },
  features: matrix.names.map((name) => ({ name, kind: "number", type: "float" })),
  dropped: [],
};
const writing = process.cpuUsage();
const onnx = writeOnnx(forest, { schema, categories: new Map() }, { producer: "", version: "" });
const written = seconds(process.cpuUsage(writing));
const reading = process.cpuUsage();
readOnnx(onnx, schema);
const loaded = seconds(process.cpuUsage(reading));

const test = await readRows(folder, "test");
const [, probability = new Float32Array()] = predict(forest, test.matrix);
const right = test.labels.filter((label, row) => label === Number((probability[row] ?? 0) > 0.5));
const result = JSON.stringify({
  cpu: (user + system) / 1e6,
  wall,
  rss,
  model: { bytes: onnx.length, written, loaded },
  auc: rocAuc(Uint8Array.from(test.labels), probability),
  accuracy: right.length / test.labels.length,
  log_loss: logLoss(test.labels, [probability.map((p) => 1 - p), probability]),
});
Deno.stdout.writeSync(new TextEncoder().encode(`${result}\n`));

function seconds({ user, system }: { readonly user: number; readonly system: number }): number {
  return (user + system) / 1e6;
}
