/**
 * Loads a model, predicts all rows several times and prints what it took, as JSON.
 *
 * usage: ours.ts DATA DIR TIMES ours|plain
 *
 * @module
 */

import process from "node:process";
import { type Forest, type Matrix, predict, readOnnx } from "../../jobs/lib/forest/mod.ts";
import { sumPlainly } from "../../jobs/lib/forest/prediction/plain.ts";
import { toPlainForm } from "../../jobs/lib/forest/prediction/plain_form.ts";
import { readWholeFile } from "../../jobs/lib/storage/mod.ts";
import { readRows } from "../forest/rows.ts";

/** Rows that `score` predicts at once. */
const BATCH = 10_000;

const [data = "", folder = "", times = "1", form = "ours"] = Deno.args;
const { matrix } = await readRows(data, "train");
const schema = JSON.parse(await Deno.readTextFile(`${folder}/schema.json`));
const { forest } = readOnnx(await readWholeFile(`${folder}/model.onnx`), schema);
const second = form === "ours" ? withKernel : plainly(forest);
// The form that is walked is made once and belongs to loading.
second(forest, slice(matrix, 0, 1));
const loaded = cpu();
let sum = 0;
for (let time = 0; time < Number(times); time++) {
  for (let start = 0; start < matrix.rows; start += BATCH) {
    for (const p of second(forest, slice(matrix, start, start + BATCH))) sum += p;
  }
}
const done = cpu();
const result = JSON.stringify({
  rows: matrix.rows * Number(times),
  predicting: done - loaded,
  loading: loaded,
  mean: sum / (matrix.rows * Number(times)),
});
Deno.stdout.writeSync(new TextEncoder().encode(`${result}\n`));

function withKernel(forest: Forest, rows: Matrix): Float32Array {
  return predict(forest, rows)[1] ?? new Float32Array();
}

function plainly(forest: Forest): (forest: Forest, rows: Matrix) => Float32Array {
  const plain = toPlainForm(forest);
  return (_, rows) => sumPlainly(plain, 1, rows)[0] ?? new Float32Array();
}

function slice({ columns, rows, names }: Matrix, start: number, end: number): Matrix {
  const last = Math.min(end, rows);
  return { rows: last - start, columns: columns.map((each) => each.subarray(start, last)), names };
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
