import assert from "node:assert/strict";
import fc from "fast-check";
import { options, trainingSet } from "../../../tests/forest/arbitrary.ts";
import { DataError } from "../errors.ts";
import { countFeatures } from "./counts.ts";
import { forestEngine } from "./ensemble.ts";
import type { ForestOptions, TrainingSet } from "./forest.ts";
import { argMax, predict } from "./predict.ts";

const DEFAULTS: ForestOptions = {
  objective: "classification",
  trees: 10,
  maxDepth: 0,
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  classWeight: "none",
  seed: 42,
  threads: 1,
};

function classification(
  columns: Float32Array[],
  labels: ArrayLike<number>,
  classes = 2,
): TrainingSet {
  const names = columns.map((_, i) => `c${i}`);
  return {
    matrix: { rows: labels.length, columns, names },
    labels: Int32Array.from(labels),
    classes,
  };
}

const range = (rows: number) => Float32Array.from({ length: rows }, (_, i) => i);

Deno.test("forestEngine gives probabilities that sum to exactly 1, and importances that sum to 1", async () => {
  const property = fc.asyncProperty(
    trainingSet({ classes: 6 }),
    options("classification"),
    async (set, given) => {
      const { forest, importances } = await forestEngine.train(set, given);
      assert.equal(forest.trees.length, given.trees);
      const outputs = predict(forest, set.matrix);
      assert.equal(outputs.length, set.classes);
      for (let row = 0; row < set.matrix.rows; row++) {
        const probabilities = outputs.map((output) => output[row]!);
        assert.ok(probabilities.every((p) => p >= 0 && p <= 1), `${probabilities}`);
        assert.equal(probabilities.reduce((sum, p) => sum + p), 1);
      }
      const sum = importances.reduce((total, value) => total + value);
      assert.ok(importances.every((value) => value >= 0));
      assert.ok(sum === 0 || Math.abs(sum - 1) < 1e-9, `${sum}`);
    },
  );
  await fc.assert(property);
});

Deno.test("forestEngine predicts values within the labels' range", async () => {
  const property = fc.asyncProperty(
    trainingSet({ classes: 0 }),
    options("regression"),
    async (set, given) => {
      const { forest } = await forestEngine.train(set, given);
      const [predicted = new Float32Array()] = predict(forest, set.matrix);
      const labels = Array.from(set.labels);
      const [low, high] = [Math.min(...labels), Math.max(...labels)];
      const slack = 1e-6 * Math.max(1, Math.abs(low), Math.abs(high));
      assert.ok(predicted.every((value) => value >= low - slack && value <= high + slack));
    },
  );
  await fc.assert(property);
});

Deno.test("forestEngine gives the same forest for the same seed, another for another", async () => {
  const columns = [range(200), range(200).map((v) => (v * 37) % 200), range(200).map(Math.sqrt)];
  const set = classification(columns, range(200).map((v) => Number((v * v) % 7 < 3)));
  const train = (seed: number, threads: number) =>
    forestEngine.train(set, { ...DEFAULTS, seed, threads });
  assert.deepEqual(await train(7, 1), await train(7, 8));
  assert.notDeepEqual(await train(7, 1), await train(8, 1));
});

Deno.test("forestEngine grows the same first trees whatever their number", async () => {
  const set = classification([range(50)], range(50).map((v) => v % 2));
  const few = await forestEngine.train(set, { ...DEFAULTS, trees: 2 });
  const many = await forestEngine.train(set, { ...DEFAULTS, trees: 8 });
  const shape = ({ forest }: typeof few) => forest.trees.slice(0, 2).map((tree) => tree.threshold);
  assert.deepEqual(shape(few), shape(many));
});

Deno.test("forestEngine takes 300 columns, 50 classes, one row, one class, only missing", async () => {
  const wide = Array.from({ length: 300 }, (_, c) => range(100).map((v) => (v * (c + 1)) % 101));
  const many = classification(wide, range(100).map((v) => v % 50), 50);
  assert.equal((await forestEngine.train(many, DEFAULTS)).forest.targets, 50);

  const one = classification([range(1)], [1]);
  const trained = await forestEngine.train(one, DEFAULTS);
  assert.deepEqual(predict(trained.forest, one.matrix), [Float32Array.of(0), Float32Array.of(1)]);
  assert.deepEqual(trained.importances, Float64Array.of(0));

  const same = classification([range(5)], [0, 0, 0, 0, 0], 1);
  assert.deepEqual(predict((await forestEngine.train(same, DEFAULTS)).forest, same.matrix), [
    new Float32Array(5).fill(1),
  ]);

  const missing = classification([new Float32Array(9).fill(NaN)], range(9).map((v) => v % 2));
  const { forest } = await forestEngine.train(missing, DEFAULTS);
  assert.ok(forest.trees.every((tree) => tree.feature.length === 1));
});

Deno.test("forestEngine learns what only missing values say", async () => {
  const noise = range(300).map((v) => (v * 7919) % 300);
  const gaps = noise.map((v) => v % 3 === 0 ? NaN : v);
  const set = classification([gaps, range(300)], noise.map((v) => Number(v % 3 === 0)));
  const { forest, importances } = await forestEngine.train(set, {
    ...DEFAULTS,
    maxDepth: 3,
    maxFeatures: "all",
  });
  assert.deepEqual(argMax(predict(forest, set.matrix)), set.labels);
  assert.ok(importances[0]! > 0.99);
});

Deno.test("forestEngine balanced lets a rare class weigh as much as the frequent one", async () => {
  const set = classification([new Float32Array(1000)], range(1000).map((v) => Number(v < 50)));
  const rate = async (classWeight: ForestOptions["classWeight"]) => {
    const { forest } = await forestEngine.train(set, { ...DEFAULTS, trees: 200, classWeight });
    return predict(forest, set.matrix)[1]![0]!;
  };
  assert.ok(Math.abs(await rate("none") - 0.05) < 0.005);
  assert.ok(Math.abs(await rate("balanced") - 0.5) < 0.02);
});

Deno.test("forestEngine reports every tree and stops when told to, with the reason", async () => {
  const set = classification([range(20)], range(20).map((v) => v % 2));
  const seen: number[] = [];
  const control = new AbortController();
  const reason = new Error("enough");
  const training = forestEngine.train(set, { ...DEFAULTS, trees: 1000 }, {
    signal: control.signal,
    onProgress: ({ trees, of }) => {
      seen.push(trees);
      assert.equal(of, 1000);
      if (trees === 3) control.abort(reason);
    },
  });
  await assert.rejects(training, reason);
  assert.deepEqual(seen, [1, 2, 3]);
});

Deno.test("forestEngine lets timers have their turn while it trains", async () => {
  const set = classification([range(20)], range(20).map((v) => v % 2));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await forestEngine.train(set, { ...DEFAULTS, trees: 500 });
  clearInterval(timer);
  assert.ok(turns > 0);
});

Deno.test("forestEngine refuses data that no forest can be grown on, and says why", async () => {
  const rejects = (set: TrainingSet, code: string) =>
    assert.rejects(forestEngine.train(set, DEFAULTS), (error) => {
      assert.ok(error instanceof DataError);
      assert.equal(error.code, code);
      return true;
    });
  const empty = { rows: 0, columns: [], names: [] };
  await rejects({ matrix: empty, labels: new Int32Array(), classes: 2 }, "forest.no-rows");
  await rejects(classification([], [0, 1]), "forest.no-columns");
  const labels = Float64Array.of(1, Infinity);
  await rejects(
    { ...classification([range(2)], [0, 1]), labels, classes: 0 },
    "forest.label-not-finite",
  );
  for (const weights of [Float32Array.of(1, -1), Float32Array.of(NaN, 1), Float32Array.of(0, 0)]) {
    await rejects({ ...classification([range(2)], [0, 1]), weights }, "forest.bad-weight");
  }
  await assert.rejects(
    forestEngine.train(classification([range(3)], [0, 1]), DEFAULTS),
    RangeError,
  );
  await assert.rejects(
    forestEngine.train(classification([range(2)], [0, 2]), DEFAULTS),
    RangeError,
  );
});

Deno.test("countFeatures() takes a name, a fraction or a count, and at least one column", () => {
  const counts = (["sqrt", "log2", "all", 0.5, 3, 99, 0.001] as const).map((each) =>
    countFeatures(each, 25)
  );
  assert.deepEqual(counts, [5, 4, 25, 12, 3, 25, 1]);
  assert.equal(countFeatures("log2", 1), 1);
});
