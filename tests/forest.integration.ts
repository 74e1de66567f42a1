/**
 * The forest against other people's programs: onnxruntime for the graph, scikit-learn for the quality.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  encode,
  type Encoding,
  fitEncoding,
  inferSchema,
  openDataset,
  readTable,
  targetValues,
} from "../jobs/lib/dataset/mod.ts";
import {
  argMax,
  type Forest,
  forestEngine,
  type ForestOptions,
  type Matrix,
  mlRandomForestEngine,
  predict,
  readOnnx,
  type TrainingSet,
  writeOnnx,
} from "../jobs/lib/forest/mod.ts";
import { Random } from "../jobs/lib/forest/random.ts";
import { encoding } from "./forest/model.ts";
import { graphInput, rawRows } from "./forest/raw_rows.ts";
import "./forest/quality.ts";
import "./forest/training.ts";
import { python } from "./job/task.ts";

const OPTIONS: ForestOptions = {
  objective: "classification",
  trees: 100,
  maxDepth: 10,
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  classWeight: "none",
  seed: 42,
  threads: 1,
};

Deno.test("onnxruntime gives our labels and probabilities on random models of mixed inputs", async () => {
  const models = fc.sample(encoding(), { numRuns: 60, seed: 20131001 });
  await compareWithOnnxruntime(
    await Promise.all(models.map(async (model, i) => {
      const options = { ...OPTIONS, trees: 1 + 7 * (i % 5), maxDepth: i % 4 };
      return { model, ...await forestEngine.train(noise(model, 200, i), options) };
    })),
  );
});

Deno.test("onnxruntime gives our answers on models with many columns, classes, trees, or one", async () => {
  const train = async (model: Encoding, changes: Partial<ForestOptions>) => ({
    model,
    ...await forestEngine.train(noise(model, 300, 1), { ...OPTIONS, ...changes }),
  });
  const small = numbers(3, [false, true]);
  const set = noise(small, 80, 1);
  const columns = set.matrix.columns.map((values) =>
    values.map((value) => Number.isFinite(value) ? value : NaN)
  );
  const finite = { ...set, matrix: { ...set.matrix, columns } };
  await compareWithOnnxruntime([
    await train(numbers(300, [false, true]), { trees: 5, maxDepth: 0 }),
    await train(numbers(4, Array.from({ length: 100 }, (_, k) => k)), { trees: 30, maxDepth: 0 }),
    await train(numbers(1, ["only"]), { trees: 7 }),
    await train(small, { trees: 500 }),
    { model: small, ...await mlRandomForestEngine.train(finite, { ...OPTIONS, trees: 9 }) },
  ]);
});

Deno.test("forestEngine is as good as scikit-learn's forest on the flights, over five seeds", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const rows = Deno.env.get("ML_TEST_EXTENDED") === "1" ? Infinity : 20_000;
    for (let seed = 1; seed <= 5; seed++) await trainOnFlights(`${folder}/${seed}`, seed, rows);
    const scores = await python("tests/forest/sklearn_oracle.py", [folder]) as Scores;
    for (const metric of ["accuracy", "auc"] as const) {
      const [ours, theirs] = [scores.ours, scores.sklearn].map((all) => all.map((s) => s[metric]));
      const least = mean(theirs!) - deviation(theirs!);
      assert.ok(mean(ours!) >= least, `${metric}: ${ours} against ${theirs}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

interface Model {
  readonly model: Encoding;
  readonly forest: Forest;
}

/** Writes every model with raw rows, runs them all in one Python process, and compares. */
async function compareWithOnnxruntime(models: readonly Model[]): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const cases = models.map(({ model, forest }, i) => ({
      path: `${folder}/${String(i).padStart(3, "0")}`,
      raw: rawRows(model, 1000, 1000 + i),
      model,
      forest,
    }));
    for (const { path, raw, model, forest } of cases) {
      await Deno.mkdir(path);
      const bytes = writeOnnx(forest, model, { producer: "test", version: "1" });
      await Deno.writeFile(`${path}/model.onnx`, bytes);
      for (const [k, column] of raw.columns.entries()) {
        const input = graphInput(column);
        if (Array.isArray(input)) {
          await Deno.writeTextFile(`${path}/input-${k}`, JSON.stringify(input));
        } else await Deno.writeFile(`${path}/input-${k}`, input);
      }
    }
    const names = await python("tests/forest/onnxruntime_outputs.py", [folder]) as string[][];
    for (const [i, { path, raw, model }] of cases.entries()) {
      // From the file, as the scorer does.
      const read = readOnnx(await Deno.readFile(`${path}/model.onnx`), model.schema);
      const matrix = encode(read.encoding, raw);
      const { target } = model.schema;
      if (target.objective === "regression") {
        assert.deepEqual(names[i], ["prediction"]);
        await comparePredictions(path, read.forest, matrix);
      } else {
        assert.deepEqual(names[i], ["label", ...target.classes.map((c) => `probability_${c}`)]);
        await compareClasses(path, target.classes, predict(read.forest, matrix));
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** To the bit: parts of probabilities add up exactly, in whatever order. */
async function compareClasses(
  path: string,
  classes: readonly (boolean | number | string)[],
  outputs: readonly Float32Array[],
): Promise<void> {
  const labels = JSON.parse(await Deno.readTextFile(`${path}/output-0`));
  const ours = Array.from(argMax(outputs), (k) => classes[k]);
  assert.deepEqual(labels, [...ours, ours[0]]);
  for (const [k, output] of outputs.entries()) {
    assert.deepEqual(await readFloats(`${path}/output-${k + 1}`), firstAgain(output));
  }
}

/** Sums of float32 in another order differ by their rounding, in proportion to what is added up. */
async function comparePredictions(path: string, forest: Forest, matrix: Matrix): Promise<void> {
  const trees = forest.trees.map((tree) => ({ ...tree, value: tree.value.map(Math.abs) }));
  const scale = firstAgain(predict({ ...forest, trees }, matrix)[0]!);
  const theirs = await readFloats(`${path}/output-0`);
  firstAgain(predict(forest, matrix)[0]!).forEach((ours, row) => {
    const tolerance = 1e-6 * Math.max(1, scale[row]!) * Math.max(1, trees.length / 100);
    assert.ok(Math.abs(ours - theirs[row]!) <= tolerance, `row ${row}: ${ours}, ${theirs[row]}`);
  });
}

/** The outputs' files hold one more row: the first, asked for alone. */
function firstAgain(output: Float32Array): Float32Array {
  return Float32Array.of(...output, output[0]!);
}

async function readFloats(path: string): Promise<Float32Array> {
  return new Float32Array((await Deno.readFile(path)).buffer);
}

/** Random rows with random labels: a forest on them uses every kind of split. */
function noise(model: Encoding, rows: number, seed: number): TrainingSet {
  const random = new Random(seed);
  const { target } = model.schema;
  const classes = target.objective === "classification" ? target.classes.length : 0;
  const labels = classes > 0
    ? Int32Array.from({ length: rows }, () => random.below(classes))
    : Float64Array.from({ length: rows }, () => random.below(1e6) / 1000 - 300);
  return { matrix: encode(model, rawRows(model, rows, seed)), labels, classes };
}

function numbers(columns: number, classes: readonly (boolean | number | string)[]): Encoding {
  const kind = typeof classes[0] === "boolean"
    ? "boolean"
    : typeof classes[0] === "number"
    ? "integer"
    : "string";
  const features = Array.from({ length: columns }, (_, i) => ({
    name: `x${i}`,
    kind: "number" as const,
    type: "double",
  }));
  return {
    schema: {
      version: 1,
      target: { objective: "classification", label: "y", kind, classes },
      features,
      dropped: [],
    },
    categories: new Map(),
  };
}

interface Scores {
  readonly ours: { accuracy: number; auc: number }[];
  readonly sklearn: { accuracy: number; auc: number }[];
}

/** Trains on a sample of the flights and leaves matrices, labels and our probabilities in files. */
async function trainOnFlights(path: string, seed: number, most: number): Promise<void> {
  const table = await readTable(await openDataset("examples/flights/train"));
  const later = await readTable(await openDataset("examples/flights/test"));
  const schema = inferSchema(table, { label: "late", key: "flight_id" });
  const all = targetValues(schema.target, table).labels;
  const random = new Random(seed);
  const rows = Uint32Array.from(all.keys())
    .filter((row) => all[row]! >= 0 && random.below(table.rows) < most);
  const encoding = fitEncoding(schema, table, rows, all);
  const labels = Int32Array.from(rows, (row) => all[row]!);
  const matrix = encode(encoding, table, rows);
  const laterMatrix = encode(encoding, later);
  const laterLabels = targetValues(schema.target, later).labels;
  const { forest } = await forestEngine.train({ matrix, labels, classes: 2 }, { ...OPTIONS, seed });
  await Deno.mkdir(path);
  const files: Record<string, Float32Array | Uint8Array> = {
    train_x: Float32Array.from(matrix.columns.flatMap((column) => [...column])),
    train_y: Uint8Array.from(labels),
    test_x: Float32Array.from(laterMatrix.columns.flatMap((column) => [...column])),
    test_y: Uint8Array.from(laterLabels),
    ours: predict(forest, laterMatrix)[1]!,
  };
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(files)) {
    await Deno.writeFile(`${path}/${name}`, new Uint8Array(buffer, byteOffset, byteLength).slice());
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
