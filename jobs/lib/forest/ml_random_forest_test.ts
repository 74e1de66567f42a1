import assert from "node:assert/strict";
import { RandomForestClassifier } from "ml-random-forest";
import { DataError, UsageError } from "../errors.ts";
import type { ForestOptions, TrainingSet } from "./forest.ts";
import { mlRandomForestEngine } from "./ml_random_forest.ts";
import { predict } from "./predict.ts";
import { deriveSeed } from "./random.ts";

const OPTIONS: ForestOptions = {
  objective: "classification",
  trees: 7,
  maxDepth: 4,
  minSamplesLeaf: 1,
  maxFeatures: 2,
  classWeight: "none",
  seed: 3,
  threads: 1,
};

const ROWS = 60;
const columns = [3, 7, 11].map((step) =>
  Float32Array.from({ length: ROWS }, (_, i) => (i * step) % 17 / 4)
);
const labels = Int32Array.from(
  { length: ROWS },
  (_, i) => Number(columns[0]![i]! > 2) + Number(i % 5 === 0),
);
const SET: TrainingSet = {
  matrix: { rows: ROWS, columns, names: ["a", "b", "c"] },
  labels,
  classes: 3,
};

Deno.test("mlRandomForestEngine predicts the share of the library's own votes", async () => {
  const { forest, importances } = await mlRandomForestEngine.train(SET, OPTIONS);
  const outputs = predict(forest, SET.matrix);
  const rows = Array.from({ length: ROWS }, (_, i) => columns.map((column) => column[i]!));
  const votes = Array.from({ length: OPTIONS.trees }, (_, tree) => {
    const library = new RandomForestClassifier({
      seed: deriveSeed(OPTIONS.seed, tree) | 0,
      nEstimators: 1,
      maxFeatures: 2,
      replacement: false,
      useSampleBagging: true,
      noOOB: true,
      treeOptions: { maxDepth: 4, minNumSamples: 1, gainThreshold: 0 },
    });
    library.train(rows, [...labels]);
    return library.predict(rows);
  });
  for (let row = 0; row < ROWS; row++) {
    for (let k = 0; k < 3; k++) {
      const share = votes.filter((vote) => vote[row] === k).length / OPTIONS.trees;
      assert.ok(Math.abs(outputs[k]![row]! - share) < 1e-6);
    }
  }
  assert.ok(importances.every((value) => value >= 0));
  assert.ok(importances[0]! > importances[1]! && importances[0]! > importances[2]!);
});

Deno.test("mlRandomForestEngine predicts values, missing as the column's median", async () => {
  const gaps = columns[0]!.map((value, i) => i % 4 === 0 ? NaN : value);
  const matrix = { ...SET.matrix, columns: [gaps, columns[1]!, columns[2]!] };
  const set = { matrix, labels: Float64Array.from(columns[1]!, (value) => value * 10), classes: 0 };
  const { forest } = await mlRandomForestEngine.train(set, {
    ...OPTIONS,
    objective: "regression",
    maxFeatures: "all",
  });
  const present = gaps.filter((value) => !Number.isNaN(value)).sort();
  const median = present[(present.length - 1) >> 1]!;
  const filled = gaps.map((value) => Number.isNaN(value) ? median : value);
  const whole = { ...matrix, columns: [filled, columns[1]!, columns[2]!] };
  assert.deepEqual(predict(forest, matrix), predict(forest, whole));
  const error = predict(forest, matrix)[0]!.reduce(
    (sum, p, i) => sum + (p - set.labels[i]!) ** 2,
    0,
  );
  assert.ok(error / ROWS < 4, `mean squared error ${error / ROWS}`);
});

Deno.test("mlRandomForestEngine refuses what the library cannot do, naming the option", async () => {
  const refuses = async (
    set: TrainingSet,
    options: Partial<ForestOptions>,
    code: string,
    word: RegExp,
  ) => {
    await assert.rejects(mlRandomForestEngine.train(set, { ...OPTIONS, ...options }), (error) => {
      assert.ok(error instanceof UsageError || error instanceof DataError);
      assert.equal(error.code, code);
      assert.match(error.message, word);
      return true;
    });
  };
  await refuses(SET, { classWeight: "balanced" }, "forest.engine-option", /class-weight/);
  await refuses(SET, { minSamplesLeaf: 5 }, "forest.engine-option", /min-samples-leaf/);
  const weights = new Float32Array(ROWS).fill(2);
  await refuses({ ...SET, weights }, {}, "forest.engine-option", /weights/);
  await refuses(SET, { trees: 1e6 }, "forest.engine-too-large", /60 training rows/);
  const long = new Float32Array(5001);
  const matrix = { rows: 5001, columns: [long], names: ["x"] };
  const large = { matrix, labels: new Int32Array(5001), classes: 2 };
  await refuses(large, { trees: 1 }, "forest.engine-too-large", /5001 training rows/);
  const infinite = {
    ...SET.matrix,
    columns: [columns[0]!, columns[1]!, columns[2]!.with(3, Infinity)],
  };
  await refuses({ ...SET, matrix: infinite }, {}, "forest.engine-infinite", /column c/);
});

Deno.test("mlRandomForestEngine stops when told to", async () => {
  const control = new AbortController();
  const training = mlRandomForestEngine.train(SET, OPTIONS, {
    signal: control.signal,
    onProgress: () => control.abort(new Error("enough")),
  });
  await assert.rejects(training, /enough/);
});
