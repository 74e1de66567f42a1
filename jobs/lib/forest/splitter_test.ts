import assert from "node:assert/strict";
import fc from "fast-check";
import { trainingSet } from "../../../tests/forest/arbitrary.ts";
import { createCriterion } from "./create_criterion.ts";
import type { TrainingSet } from "./forest.ts";
import { MAX_FLOAT32, quantiseColumn, sampleRows } from "./quantise.ts";
import { Splitter } from "./splitter.ts";

/** Impurity times weight by the textbook: Gini, or the squared distance to the mean. */
function impurity(set: TrainingSet, rows: number[], weights: Float64Array): number {
  const total = rows.reduce((sum, row) => sum + weights[row]!, 0);
  if (rows.length === 0) return 0;
  if (set.classes === 0) {
    const mean = rows.reduce((sum, row) => sum + weights[row]! * set.labels[row]!, 0) / total;
    return rows.reduce((sum, row) => sum + weights[row]! * (set.labels[row]! - mean) ** 2, 0);
  }
  let sum = 1;
  for (let k = 0; k < set.classes; k++) {
    const own = rows.filter((row) => set.labels[row] === k);
    sum -= (own.reduce((w, row) => w + weights[row]!, 0) / total) ** 2;
  }
  return sum * total;
}

/** The least impurity of any split of the rows at a value, missing on either side. */
function leastImpurity(
  set: TrainingSet,
  rows: number[],
  weights: Float64Array,
  minSamplesLeaf: number,
): number {
  let least = Infinity;
  for (const column of set.matrix.columns) {
    const bounded = !column.includes(Infinity);
    for (const value of new Set(rows.map((row) => column[row]!))) {
      if (Number.isNaN(value)) continue;
      // No finite threshold parts minus infinity from the least finite number.
      if (value === -Infinity && column.includes(-MAX_FLOAT32)) continue;
      for (const missingLeft of [false, true]) {
        const goesLeft = (row: number) =>
          Number.isNaN(column[row]!) ? missingLeft : column[row]! <= value;
        const left = rows.filter(goesLeft);
        const right = rows.filter((row) => !goesLeft(row));
        if (left.length < minSamplesLeaf || right.length < minSamplesLeaf) continue;
        // No finite threshold parts infinity from missing.
        if (!bounded && right.every((row) => Number.isNaN(column[row]!))) continue;
        least = Math.min(least, impurity(set, left, weights) + impurity(set, right, weights));
      }
    }
  }
  return least;
}

for (const [name, classes] of [["Gini", 4], ["variance", 0]] as const) {
  Deno.test(`Splitter finds the split of least ${name} that an exhaustive search finds`, () => {
    const property = fc.property(
      trainingSet({ rows: 12, columns: 3, classes }),
      fc.nat(),
      fc.integer({ min: 1, max: 3 }),
      (set, seed, minSamplesLeaf) => {
        const { rows: count, columns } = set.matrix;
        const quantised = columns.map((values) => quantiseColumn(values, sampleRows(count, 0)));
        const weights = Float64Array.from({ length: count }, (_, row) => (row * 7 + seed) % 4);
        const rows = [...weights.keys()].filter((row) => weights[row]! > 0);
        const criterion = createCriterion(set, 1);
        const total = new Float64Array(criterion.size);
        const splitter = new Splitter(quantised, criterion, {
          maxFeatures: columns.length,
          minSamplesLeaf,
        });
        const node = { rows: Int32Array.from(rows), start: 0, end: rows.length, weights, total };
        criterion.summarise(node, total);
        const split = splitter.best(node, seed);
        assert.deepEqual(splitter.best(node, seed), split);
        const least = leastImpurity(set, rows, weights, minSamplesLeaf);
        if (split === undefined) return assert.equal(least, Infinity);

        const column = columns[split.column]!;
        const threshold = quantised[split.column]!.edges[split.bin - 1] ?? MAX_FLOAT32;
        const goesLeft = (row: number) =>
          Number.isNaN(column[row]!) ? split.missingLeft : column[row]! <= threshold;
        const sides = [rows.filter(goesLeft), rows.filter((row) => !goesLeft(row))];
        assert.ok(sides.every((side) => side.length >= minSamplesLeaf));
        const found = sides.reduce((sum, side) => sum + impurity(set, side, weights), 0);
        const scale = impurity(set, rows, weights) + 1;
        assert.ok(found <= least + 1e-9 * scale, `${found} instead of ${least}`);
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });
}

Deno.test("Splitter looks beyond maxFeatures while the columns drawn are constant", () => {
  const rows = 8;
  const constant = () => new Float32Array(rows).fill(3);
  const columns = [
    ...Array.from({ length: 30 }, constant),
    Float32Array.from({ length: 8 }, (_, i) => i),
  ];
  const labels = Int32Array.from({ length: 8 }, (_, i) => i < 3 ? 0 : 1);
  const set = { matrix: { rows, columns, names: [] }, labels, classes: 2 };
  const criterion = createCriterion(set, 1);
  const quantised = columns.map((values) => quantiseColumn(values, sampleRows(rows, 0)));
  const splitter = new Splitter(quantised, criterion, { maxFeatures: 1, minSamplesLeaf: 1 });
  const node = {
    rows: Int32Array.from(labels.keys()),
    start: 0,
    end: rows,
    weights: new Float64Array(rows).fill(1),
    total: Float64Array.of(3, 5),
  };
  for (let seed = 0; seed < 20; seed++) assert.equal(splitter.best(node, seed)?.column, 30);
});

Deno.test("Splitter draws every column equally often", () => {
  const rows = 6;
  const column = () => Float32Array.from({ length: rows }, (_, i) => i);
  const columns = Array.from({ length: 10 }, column);
  const set = {
    matrix: { rows, columns, names: [] },
    labels: Int32Array.of(0, 0, 0, 1, 1, 1),
    classes: 2,
  };
  const quantised = columns.map((values) => quantiseColumn(values, sampleRows(rows, 0)));
  const splitter = new Splitter(quantised, createCriterion(set, 1), {
    maxFeatures: 1,
    minSamplesLeaf: 1,
  });
  const weights = new Float64Array(rows).fill(1);
  const node = {
    rows: Int32Array.of(0, 1, 2, 3, 4, 5),
    start: 0,
    end: rows,
    weights,
    total: Float64Array.of(3, 3),
  };
  const drawn = new Array(10).fill(0);
  for (let seed = 0; seed < 10_000; seed++) drawn[splitter.best(node, seed)!.column]++;
  assert.ok(drawn.every((times) => Math.abs(times - 1000) < 120), `${drawn}`);
});
