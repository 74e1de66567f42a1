import assert from "node:assert/strict";
import { mixedSet } from "../../../tests/forest/arbitrary.ts";
import { drawSample } from "./bootstrap.ts";
import { forestEngine } from "./ensemble.ts";
import type { ForestOptions, TrainingSet } from "./forest.ts";
import { outOfBag } from "./out_of_bag.ts";
import { permutationImportances } from "./permutation.ts";
import { argMax, predict } from "./predict.ts";
import { deriveSeed } from "./random.ts";

const OPTIONS: ForestOptions = {
  objective: "classification",
  trees: 40,
  maxDepth: 8,
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  classWeight: "none",
  seed: 3,
  threads: 1,
};

function accuracy(outputs: Float32Array[], set: TrainingSet): number {
  return argMax(outputs).filter((k, row) => k === set.labels[row]).length / set.matrix.rows;
}

for (const classes of [2, 3, 0]) {
  Deno.test(`outOfBag() of one tree is that tree's score on the rows it did not draw (${classes} classes)`, async () => {
    const set = mixedSet(500, 5, classes, 1);
    const objective = classes === 0 ? "regression" : "classification";
    const { forest } = await forestEngine.train(set, { ...OPTIONS, objective, trees: 1 });
    const { score, curve, rows } = await outOfBag(forest, set, OPTIONS);
    const { weights } = drawSample(500, deriveSeed(deriveSeed(OPTIONS.seed, 0), 0));
    const out = [...weights.keys()].filter((row) => weights[row] === 0);
    assert.equal(rows, out.length);
    assert.deepEqual(curve, Float64Array.of(score));
    const outputs = predict(forest, set.matrix, out);
    const labels = out.map((row) => set.labels[row]!);
    if (classes > 0) {
      const right = argMax(outputs).filter((k, i) => k === labels[i]).length;
      return assert.equal(score, right / out.length);
    }
    const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const squares = labels.reduce((sum, label) => sum + (label - mean) ** 2, 0);
    const errors = labels.reduce((sum, label, i) => sum + (label - outputs[0]![i]!) ** 2, 0);
    assert.ok(Math.abs(score - (1 - errors / squares)) < 1e-9);
  });
}

Deno.test("outOfBag() says about what rows that were held out say", async () => {
  for (const maxSamples of [1e9, 0.3]) {
    const [set, heldOut] = [1, 2].map((seed) => {
      const set = mixedSet(4000, 6, 2, seed);
      // One label in five is wrong, which no column tells.
      const label = (v: number, row: number) => Number(v > 0) ^ Number(row % 5 === 0);
      return { ...set, labels: Int32Array.from(set.matrix.columns[3]!, label) };
    }) as [TrainingSet, TrainingSet];
    const options = { ...OPTIONS, maxSamples };
    const { forest } = await forestEngine.train(set, options);
    const { score, curve, rows } = await outOfBag(forest, set, options);
    assert.equal(rows, 4000);
    assert.ok(Math.abs(score - accuracy(predict(forest, heldOut.matrix), heldOut)) < 0.03);
    assert.ok(curve[0]! < score, "more trees are better");
  }
});

Deno.test("permutationImportances() finds the columns that the labels depend on", async () => {
  for (const classes of [2, 0]) {
    const set = mixedSet(2000, 4, classes, 1);
    const labels = Float64Array.from(set.matrix.columns[3]!, (v) => v > 0 ? 1 : 0);
    const depends = { ...set, labels: classes > 0 ? Int32Array.from(labels) : labels };
    const objective = classes === 0 ? "regression" : "classification";
    const { forest } = await forestEngine.train(depends, {
      ...OPTIONS,
      objective,
      maxFeatures: "all",
    });
    const given = { seed: 1, repeats: 3 };
    const found = await permutationImportances(forest, set.matrix, labels, given);
    assert.ok(found.score > 0.99 && found.mean[3]! > 0.3 && found.deviation[3]! > 0);
    assert.ok(found.mean.subarray(0, 3).every((drop) => Math.abs(drop) < 0.01), `${found.mean}`);
    assert.deepEqual(await permutationImportances(forest, set.matrix, labels, given), found);
  }
});
