import assert from "node:assert/strict";
import fc from "fast-check";
import { matrix, options, trainingSet } from "../../../tests/forest/arbitrary.ts";
import { forestEngine } from "./ensemble.ts";
import type { Forest, Matrix } from "./forest.ts";
import { argMax, predict } from "./predict.ts";

/** The definition: each row down each tree, the leaves' values added up in float32. */
function byDefinition(forest: Forest, { columns }: Matrix, row: number): number[] {
  const sums = new Float32Array(forest.targets);
  for (const tree of forest.trees) {
    let node = 0;
    while (tree.feature[node] !== -1) {
      const value = columns[tree.feature[node]!]![row]!;
      const left = Number.isNaN(value) ? tree.missingLeft[node] : value <= tree.threshold[node]!;
      node = left ? tree.left[node]! : tree.right[node]!;
    }
    for (let k = 0; k < forest.targets; k++) sums[k]! += tree.value[node * forest.targets + k]!;
  }
  return forest.classes === 2 ? [Math.fround(1 - sums[0]!), sums[0]!] : [...sums];
}

for (const [objective, classes] of [["classification", 4], ["regression", 0]] as const) {
  Deno.test(`predict() gives what the trees say, row by row (${objective})`, async () => {
    const property = fc.asyncProperty(
      trainingSet({ classes, columns: 3 }),
      options(objective),
      matrix(40, fc.constant(3)),
      fc.array(fc.nat(39), { maxLength: 50 }),
      async (set, given, other, rows) => {
        const { forest } = await forestEngine.train(set, given);
        const columns = other.columns.slice(0, forest.columns);
        const unseen = { ...other, columns };
        const outputs = predict(forest, unseen, rows);
        rows.forEach((row, i) => {
          assert.deepEqual(outputs.map((output) => output[i]), byDefinition(forest, unseen, row));
        });
        const all = predict(forest, unseen);
        assert.deepEqual(
          outputs,
          all.map((output) => Float32Array.from(rows, (row) => output[row]!)),
        );
      },
    );
    await fc.assert(property);
  });
}

for (const [trees, rows] of [["small", 1500], ["large", 20_000]] as const) {
  Deno.test(`predict() works in blocks: rows beyond the first are as right (${trees} trees)`, async () => {
    const column = (period: number) => Float32Array.from({ length: rows }, (_, i) => i % period);
    const columns = trees === "small" ? [column(701)] : [column(701), column(211), column(97)];
    const labels = Int32Array.from({ length: rows }, (_, i) => (i * i) % 3);
    const set = { matrix: { rows, columns, names: ["x", "y", "z"] }, labels, classes: 3 };
    const { forest } = await forestEngine.train(set, {
      objective: "classification",
      trees: 2,
      maxDepth: 0,
      minSamplesLeaf: 1,
      maxFeatures: "all",
      classWeight: "none",
      seed: 1,
      threads: 1,
    });
    const nodes = forest.trees[0]!.feature.length;
    assert.equal(nodes > 4096, trees === "large", `${nodes} nodes`);
    const outputs = predict(forest, set.matrix);
    for (const row of [0, 511, 512, 513, 1024, 1499, 8191, 8192, rows - 1]) {
      if (row >= rows) continue;
      assert.deepEqual(outputs.map((output) => output[row]), byDefinition(forest, set.matrix, row));
    }
  });
}

Deno.test("predict() refuses a matrix of another width", async () => {
  const forest: Forest = { objective: "regression", classes: 0, targets: 1, columns: 2, trees: [] };
  const narrow = { rows: 1, columns: [new Float32Array(1)], names: ["x"] };
  assert.throws(() => predict(forest, narrow), /takes 2 columns, not 1/);
  const none = { rows: 1, columns: [new Float32Array(1), new Float32Array(1)], names: ["x", "y"] };
  assert.deepEqual(await predict(forest, none), [Float32Array.of(0)]);
});

Deno.test("argMax() takes the first of equal values", () => {
  const outputs = [Float32Array.of(0.2, 0.5), Float32Array.of(0.4, 0.5), Float32Array.of(0.4, 0)];
  assert.deepEqual(argMax(outputs), Int32Array.of(1, 0));
});
