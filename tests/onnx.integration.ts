/**
 * The predictor against onnxruntime on models that other tools export, and its kernel against its
 * sources.
 */

import assert from "node:assert/strict";
import { openForeignModel } from "../jobs/lib/forest/mod.ts";
import { buildPredictionKernel } from "../jobs/lib/forest/prediction/build.ts";
import { python, task } from "./job/task.ts";
import { type ExportedModel, exportModels } from "./onnx/exported.ts";

Deno.test("prediction/kernel.wasm is what its sources make, byte for byte, and small", async () => {
  const committed = await Deno.readFile("jobs/lib/forest/prediction/kernel.wasm");
  assert.deepEqual(await buildPredictionKernel(), committed);
  assert.ok(committed.length < 100_000);
});

Deno.test("models of other tools", async (t) => {
  await using exported = await exportModels();
  await t.step("openForeignModel() gives onnxruntime's answers", async (t) => {
    await compareAll(t, exported.models);
  });
  const { folder } = exported;
  const unnamed = "xgboost-2-tensor";
  await python("tests/onnx/register.py", [
    ...[folder, `${folder}/mlruns`, `unnamed:${unnamed}`],
    ...Object.keys(REGISTERED),
  ]);
  for (const [name, engine] of Object.entries(REGISTERED)) {
    await t.step(`score publishes what ${name} predicts, from MLflow's registry`, async () => {
      const model = exported.models.find((each) => each.name === name)!;
      const { code, summary, log, lines } = await score(folder, name);
      assert.equal(code, 0, log);
      assert.match(log, new RegExp(`"engine":"${engine}"`));
      checkLines(model, lines, Number(summary["accepted"]), Number(summary["dead"]));
    });
  }
  await t.step("score refuses a model whose columns nobody names", async () => {
    const { code, log } = await score(folder, unnamed);
    assert.equal(code, 3);
    assert.match(log, /takes 7 columns by input, and no signature names them.*signature/);
    assert.match(log, /model\.columns-unnamed/);
  });
});

/** What is registered and scored, and what runs it. */
const REGISTERED: Readonly<Record<string, string>> = {
  "xgboost-4-tensor": "trees",
  "lightgbm-names-maps": "trees",
  "hist-gradient-boosting-regression": "trees",
  "logistic-regression-4-maps": "onnxruntime",
};

async function compareAll(t: Deno.TestContext, models: readonly ExportedModel[]): Promise<void> {
  const inTypeScript: string[] = [];
  for (const model of models) {
    await t.step(model.name, async () => {
      const opened = await openForeignModel(model.onnx);
      if (opened.engine === "trees") inTypeScript.push(model.name);
      await compare(model, opened);
    });
  }
  const others = models.map(({ name }) => name).filter((name) => !inTypeScript.includes(name));
  // Trees of the exporters never need onnxruntime; what they never write may.
  assert.deepEqual(others.filter((name) => !name.startsWith("random-")), [
    "logistic-regression-4-maps",
    "logistic-regression-4-tensor",
  ]);
  assert.ok(inTypeScript.filter((name) => name.startsWith("random-")).length > 15, `${others}`);
}

/** Models that only add up: there is nothing that could be rounded differently. */
const SUMS = /^(random-forest|extra-trees|.*(boosting|lightgbm|xgboost)-regression)/;

type Opened = Awaited<ReturnType<typeof openForeignModel>>;

async function compare(model: ExportedModel, { description, predict }: Opened): Promise<void> {
  const { rows, columns, output, labels } = model;
  const found = await predict(columns, rows);
  const width = output.length / rows;
  assert.equal(found.length, width);
  const { target } = description;
  for (let row = 0; row < rows; row++) {
    const theirs = output.subarray(row * width, (row + 1) * width);
    const ours = Float32Array.from(found, (column) => column[row]!);
    theirs.forEach((expected, k) => {
      if (SUMS.test(model.name)) assert.equal(ours[k], expected, `row ${row} to the bit`);
      const close = Math.abs(ours[k]! - expected) <= 1e-6 * Math.max(1, Math.abs(expected));
      assert.ok(close || Object.is(ours[k], expected), `row ${row}: ${ours}, not ${theirs}`);
    });
    if (labels === undefined || model.name.startsWith("random-") || Number.isNaN(ours[0])) continue;
    assert.ok(target.objective === "classification");
    assert.equal(target.classes[ours.indexOf(Math.max(...ours))], labels[row]);
  }
}

/** What the file sink's lines say, as far as the test looks. */
interface Line {
  readonly key: string;
  readonly value: {
    readonly prediction: number | string;
    readonly probabilities?: Readonly<Record<string, number>>;
  };
}

/** Scores a registered model's rows and reads what was published. */
async function score(folder: string, name: string) {
  const output = `${folder}/${name}/predictions`;
  const result = await task("score", [
    ...["--data", `${folder}/${name}/data`, "--model-uri", `models:/${name}/1`],
    ...["--tracking-uri", `${folder}/mlruns`, "--key-column", "row", "--run-id", "r1"],
    ...["--run-state", `${folder}/${name}/runs`, "--output", output, "--batch-size", "250"],
  ]);
  const lines: Line[] = [];
  if (result.code === 0) {
    for await (const entry of Deno.readDir(`${output}/r1`)) {
      if (!entry.name.endsWith(".ndjson")) continue;
      const text = await Deno.readTextFile(`${output}/r1/${entry.name}`);
      lines.push(...text.trimEnd().split("\n").map((line) => JSON.parse(line)));
    }
  }
  return { ...result, lines };
}

function checkLines(
  { rows, output, labels }: ExportedModel,
  lines: readonly Line[],
  accepted: number,
  dead: number,
): void {
  const width = output.length / rows;
  const expected = new Map<string, Float32Array>();
  for (let row = 0; row < rows; row++) {
    const values = output.subarray(row * width, (row + 1) * width);
    if (values.every(Number.isFinite)) expected.set(`row-${String(row).padStart(4, "0")}`, values);
  }
  assert.deepEqual([accepted, dead], [expected.size, rows - expected.size]);
  assert.equal(lines.length, accepted);
  for (const { key, value } of lines) {
    const theirs = expected.get(key)!;
    const ours = value.probabilities === undefined
      ? [Number(value.prediction)]
      : Object.entries(value.probabilities).toSorted(byClass).map(([, p]) => p);
    theirs.forEach((expected, k) => {
      assert.ok(Math.abs(ours[k]! - expected) <= 1e-6 * Math.max(1, Math.abs(expected)));
    });
    if (labels !== undefined) assert.equal(value.prediction, labels[Number(key.slice(4))]);
  }
}

/** JSON.parse() puts classes that are numbers from 0 first. */
function byClass([a]: [string, number], [b]: [string, number]): number {
  return Number.isNaN(Number(a)) ? (a < b ? -1 : 1) : Number(a) - Number(b);
}
