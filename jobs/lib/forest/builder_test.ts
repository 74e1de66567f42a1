import assert from "node:assert/strict";
import fc from "fast-check";
import { trainingSet } from "../../../tests/forest/arbitrary.ts";
import { drawSample } from "./bootstrap.ts";
import { Builder, type BuilderOptions } from "./builder.ts";
import { createCriterion } from "./create_criterion.ts";
import type { TrainingSet, Tree } from "./forest.ts";
import { quantiseColumn, sampleRows } from "./quantise.ts";
import { mix } from "./random.ts";

const limits: fc.Arbitrary<BuilderOptions> = fc.record({
  maxDepth: fc.integer({ min: 0, max: 5 }),
  minSamplesLeaf: fc.integer({ min: 1, max: 4 }),
  maxFeatures: fc.integer({ min: 1, max: 4 }),
});

function build(set: TrainingSet, options: BuilderOptions, weights: Float64Array, seed = 1): Tree {
  const { rows, columns } = set.matrix;
  const quantised = columns.map((values) => quantiseColumn(values, sampleRows(rows, 0)));
  const builder = new Builder(quantised, createCriterion(set, 1), options);
  const drawn = Int32Array.from([...weights.keys()].filter((row) => weights[row]! > 0));
  // The tree before must not show in the next one.
  builder.build(0, { rows: drawn.slice(), weights }, seed + 1, new Float64Array(columns.length));
  return builder.build(0, { rows: drawn, weights }, seed, new Float64Array(columns.length));
}

/** The leaf of a row by its values, and its depth: independent of the bins. */
function leafOf(tree: Tree, set: TrainingSet, row: number): { node: number; depth: number } {
  let node = 0;
  let depth = 0;
  for (; tree.feature[node] !== -1; depth++) {
    const value = set.matrix.columns[tree.feature[node]!]![row]!;
    const left = Number.isNaN(value)
      ? tree.missingLeft[node] === 1
      : value <= tree.threshold[node]!;
    const child = left ? tree.left[node]! : tree.right[node]!;
    assert.ok(child > node, "children come after their parent");
    node = child;
  }
  return { node, depth };
}

const ones = (rows: number) => new Float64Array(rows).fill(1);

for (const [name, classes] of [["classification", 5], ["regression", 0]] as const) {
  Deno.test(`Builder's leaves hold what its rows say, within the limits (${name})`, () => {
    const property = fc.property(
      trainingSet({ classes }),
      limits,
      fc.nat(),
      (set, options, seed) => {
        const { rows, weights } = drawSample(set.matrix.rows, seed);
        const tree = build(set, options, weights, seed);
        const byLeaf = new Map<number, number[]>();
        for (const row of rows) {
          const { node, depth } = leafOf(tree, set, row);
          assert.ok(options.maxDepth === 0 || depth <= options.maxDepth);
          byLeaf.set(node, [...byLeaf.get(node) ?? [], row]);
        }
        assert.equal(byLeaf.size, tree.feature.filter((feature) => feature === -1).length);
        assert.ok(tree.threshold.every(Number.isFinite));
        for (const [leaf, own] of byLeaf) {
          assert.ok(byLeaf.size === 1 || own.length >= options.minSamplesLeaf);
          const total = own.reduce((sum, row) => sum + weights[row]!, 0);
          const share = (of: (row: number) => number) =>
            own.reduce((sum, row) => sum + weights[row]! * of(row), 0) / total;
          const targets = tree.value.length / tree.feature.length;
          for (let k = 0; k < targets; k++) {
            const expected = classes === 0
              ? share((row) => set.labels[row]!)
              : share((row) => Number(set.labels[row] === (targets === 1 ? set.classes - 1 : k)));
            const found = tree.value[leaf * targets + k]!;
            const scale = Math.max(1, Math.abs(expected));
            assert.ok(Math.abs(found - expected) <= 1e-6 * scale, `${found} for ${expected}`);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
}

Deno.test("Builder without limits tells apart all rows that differ", () => {
  fc.assert(fc.property(trainingSet({ classes: 3 }), (set) => {
    const { columns, rows } = set.matrix;
    fc.pre(columns.every((values) => !values.includes(Infinity)));
    const tree = build(set, { maxDepth: 0, minSamplesLeaf: 1, maxFeatures: 1 }, ones(rows));
    const labels = new Map<number, Set<string>>();
    for (let row = 0; row < rows; row++) {
      const { node } = leafOf(tree, set, row);
      // -Infinity and the least finite number share a bin: no finite threshold parts them.
      const key = columns.map((values) => Math.max(values[row]!, -3.4028234663852886e38)).join();
      const seen = labels.get(node) ?? new Set();
      labels.set(node, seen.add(`${key} ${set.labels[row]}`));
    }
    for (const seen of labels.values()) {
      const distinct = (part: number) =>
        new Set([...seen].map((each) => each.split(" ")[part])).size;
      assert.ok(distinct(0) === 1 || distinct(1) === 1, [...seen].join("; "));
    }
  }));
});

Deno.test("Builder refines a shallower tree when it may go deeper", () => {
  fc.assert(
    fc.property(trainingSet({ classes: 3 }), fc.integer({ min: 1, max: 4 }), (set, depth) => {
      const options = { minSamplesLeaf: 1, maxFeatures: 2 };
      const weights = ones(set.matrix.rows);
      const right = (maxDepth: number) => {
        const tree = build(set, { ...options, maxDepth }, weights);
        const targets = tree.value.length / tree.feature.length;
        return [...weights.keys()].filter((row) => {
          const values = tree.value.subarray(leafOf(tree, set, row).node * targets).subarray(
            0,
            targets,
          );
          const p = targets === 1 && set.classes === 2 ? [1 - values[0]!, values[0]!] : [...values];
          return p.indexOf(Math.max(...p)) === set.labels[row];
        }).length;
      };
      assert.ok(right(depth) <= right(depth + 1) && right(depth + 1) <= right(0));
    }),
  );
});

Deno.test("Builder takes a weight of 2 as the row twice", () => {
  fc.assert(fc.property(trainingSet({ classes: 3 }), fc.nat(), (set, seed) => {
    const { matrix: { rows, columns, names }, labels } = set;
    const twice = (row: number) => (row + seed) % 3 === 0;
    const repeated = Array.from({ length: rows }, (_, row) => twice(row) ? [row, row] : [row])
      .flat();
    const long = {
      ...set,
      matrix: {
        rows: repeated.length,
        columns: columns.map((values) => Float32Array.from(repeated, (row) => values[row]!)),
        names,
      },
      labels: Int32Array.from(repeated, (row) => labels[row]!),
    };
    const weights = Float64Array.from({ length: rows }, (_, row) => twice(row) ? 2 : 1);
    const options = { maxDepth: 4, minSamplesLeaf: 1, maxFeatures: 2 };
    const [a, b] = [build(set, options, weights), build(long, options, ones(repeated.length))];
    // Where nothing is missing in a node, missing follows the greater number of rows.
    assert.deepEqual({ ...a, missingLeft: 0 }, { ...b, missingLeft: 0 });
  }));
});

Deno.test("Builder grows the same tree of classes whatever the order of its rows", () => {
  // Sums of whole numbers are exact; values of regression are added up in the order of the rows.
  fc.assert(fc.property(trainingSet({ classes: 4 }), fc.nat(), fc.nat(), (set, seed, shuffle) => {
    const { matrix: { rows, columns, names }, labels } = set;
    const order = Array.from({ length: rows }, (_, row) => row)
      .toSorted((a, b) => mix(a ^ shuffle) - mix(b ^ shuffle));
    const shuffled = {
      ...set,
      matrix: {
        rows,
        columns: columns.map((values) => Float32Array.from(order, (row) => values[row]!)),
        names,
      },
      labels: Int32Array.from(order, (row) => labels[row]!),
    };
    const drawn = ones(rows).map((_, row) => row % 4);
    if (rows < 2) return;
    const options = { maxDepth: 5, minSamplesLeaf: 1, maxFeatures: 2 };
    const weights = Float64Array.from(order, (row) => drawn[row]!);
    assert.deepEqual(build(shuffled, options, weights, seed), build(set, options, drawn, seed));
  }));
});

Deno.test("Builder splits where one split alone gains nothing (exclusive or)", () => {
  const columns = [Float32Array.of(0, 0, 1, 1), Float32Array.of(0, 1, 0, 1)];
  const set = {
    matrix: { rows: 4, columns, names: [] },
    labels: Int32Array.of(0, 1, 1, 0),
    classes: 2,
  };
  const tree = build(set, { maxDepth: 0, minSamplesLeaf: 1, maxFeatures: 2 }, ones(4));
  const predicted = [0, 1, 2, 3].map((row) => tree.value[leafOf(tree, set, row).node]);
  assert.deepEqual(predicted, [0, 1, 1, 0]);
});

Deno.test("Builder grows a tree as deep as it has rows", () => {
  const rows = 250;
  const column = Float32Array.from({ length: rows }, (_, i) => i);
  // The greatest label outweighs all others, so each split parts a single row.
  const labels = Float64Array.from({ length: rows }, (_, i) => 4 ** i);
  const set = { matrix: { rows, columns: [column], names: [] }, labels, classes: 0 };
  const tree = build(set, { maxDepth: 0, minSamplesLeaf: 1, maxFeatures: 1 }, ones(rows));
  assert.equal(leafOf(tree, set, 0).depth, rows - 1);
});

Deno.test("Builder with a limit of leaves has so many, and without effect grows the same tree", () => {
  fc.assert(
    fc.property(trainingSet({ classes: 4 }), limits, fc.integer({ min: 1, max: 8 }), (...given) => {
      const [set, options, maxLeafNodes] = given;
      const weights = ones(set.matrix.rows);
      const leaves = (tree: Tree) => tree.feature.filter((feature) => feature === -1).length;
      const full = build(set, options, weights);
      const limited = build(set, { ...options, maxLeafNodes }, weights);
      assert.equal(leaves(limited), Math.min(maxLeafNodes, leaves(full)));
      // A node's draws depend on its place only, so that the order of splits does not show.
      const same = build(set, { ...options, maxLeafNodes: 1000 }, weights);
      const targets = full.value.length / full.feature.length;
      const valueOf = (tree: Tree, row: number) => {
        const { node } = leafOf(tree, set, row);
        return tree.value.slice(node * targets, (node + 1) * targets);
      };
      for (const row of weights.keys()) assert.deepEqual(valueOf(same, row), valueOf(full, row));
    }),
  );
});

Deno.test("Builder leaves whole what has too few rows or would gain too little", () => {
  const columns = [Float32Array.of(0, 0, 0, 0, 1, 1, 2, 2)];
  const labels = Int32Array.of(0, 0, 0, 0, 1, 1, 0, 1);
  const set = { matrix: { rows: 8, columns, names: [] }, labels, classes: 2 };
  const grow = (changes: Partial<BuilderOptions>) =>
    build(set, { maxDepth: 0, minSamplesLeaf: 1, maxFeatures: 1, ...changes }, ones(8)).threshold;
  assert.deepEqual(grow({}).filter((threshold) => threshold > 0), Float32Array.of(0.5, 1.5));
  assert.deepEqual(grow({ minSamplesSplit: 5 }).filter((each) => each > 0), Float32Array.of(0.5));
  // The second split has half of the rows and lowers their Gini index from 3/8 to 1/4.
  assert.equal(grow({ minImpurityDecrease: 1 / 16 }).length, 5);
  assert.equal(grow({ minImpurityDecrease: 1 / 16 + 1e-9 }).length, 3);
});
