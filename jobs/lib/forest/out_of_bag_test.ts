import assert from "node:assert/strict";
import { mixedSet } from "../../../tests/forest/arbitrary.ts";
import { drawSample } from "./bootstrap.ts";
import { forestEngine } from "./ensemble.ts";
import type { Forest, ForestOptions, TrainingSet } from "./forest.ts";
import { outOfBag } from "./out_of_bag.ts";
import { permutationImportances } from "./permutation.ts";
import { argMax, predict } from "./predict.ts";
import { deriveSeed } from "./random.ts";
import { findLeaves } from "./route.ts";

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

Deno.test("outOfBag() gives what its definition gives, tree after tree, row after row", async () => {
  // More rows than a block has, trees that the kernel takes, and one that it does not.
  for (
    const [rows, classes, trees] of [[3000, 2, 9], [1500, 4, 7], [1500, 0, 8], [1, 2, 3], [3, 0, 5]]
  ) {
    const set = mixedSet(rows!, 5, classes!, 1);
    const objective = classes === 0 ? "regression" : "classification";
    const options = { ...OPTIONS, objective, trees: trees!, maxDepth: 0 } as const;
    const { forest } = await forestEngine.train(set, options);
    const found = await outOfBag(forest, set, options);
    const expected = byDefinition(forest, set, options.seed);
    assert.equal(found.rows, expected.rows);
    found.curve.forEach((score, tree) => {
      const right = expected.curve[tree]!;
      if (classes === 0 && Number.isFinite(right)) assert.ok(Math.abs(score - right) < 1e-9);
      else if (classes !== 0) assert.equal(score, right);
    });
  }
});

/** Each row by the trees that did not draw it. */
function byDefinition(forest: Forest, set: TrainingSet, seed: number) {
  const { rows } = set.matrix;
  const sums = Array.from({ length: rows }, () => new Float64Array(Math.max(1, set.classes)));
  const counts = new Uint32Array(rows);
  const curve = forest.trees.map((tree, number) => {
    const { weights } = drawSample(rows, deriveSeed(deriveSeed(seed, number), 0));
    const leaves = new Int32Array(1);
    for (let row = 0; row < rows; row++) {
      if (weights[row] !== 0) continue;
      counts[row]!++;
      findLeaves(tree, set.matrix, Int32Array.of(row), 1, leaves);
      const { targets } = forest;
      const values = tree.value.subarray(leaves[0]! * targets, (leaves[0]! + 1) * targets);
      const all = set.classes === 2 ? [1 / forest.trees.length - values[0]!, values[0]!] : values;
      all.forEach((value, k) => sums[row]![k]! += value);
    }
    const known = [...counts.keys()].filter((row) => counts[row]! > 0);
    const labels = known.map((row) => set.labels[row]!);
    if (set.classes > 0) {
      const best = known.map((row) => sums[row]!.indexOf(Math.max(...sums[row]!)));
      return best.filter((k, i) => k === labels[i]).length / known.length;
    }
    const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const squares = labels.reduce((sum, label) => sum + (label - mean) ** 2, 0);
    const predicted = known.map((row) => sums[row]![0]! * forest.trees.length / counts[row]!);
    return 1 - labels.reduce((sum, label, i) => sum + (label - predicted[i]!) ** 2, 0) / squares;
  });
  return { curve, rows: counts.filter((count) => count > 0).length };
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
