import assert from "node:assert/strict";
import fc from "fast-check";
import type { Forest, Matrix, Tree } from "../forest.ts";
import { Random } from "../random.ts";
import { sumTrees } from "./mod.ts";
import { packForest } from "./pack.ts";
import { sumPlainly } from "./plain.ts";
import { toPlainForm } from "./plain_form.ts";

const EXTREMES = [NaN, Infinity, -Infinity, 0, -0, 1.4e-45, -1.4e-45, 3.4028234663852886e38];

interface Shape {
  readonly trees: number;
  readonly leaves: number;
  readonly columns: number;
  readonly targets: number;
  /** How many different thresholds a column has at most. */
  readonly thresholds: number;
  /** Where trees grow: at any leaf, at the newest (a chain), or level by level. */
  readonly grow: "anywhere" | "newest" | "oldest";
  readonly seed: number;
}

function shapes(): fc.Arbitrary<Shape> {
  return fc.record({
    trees: fc.integer({ min: 0, max: 12 }),
    leaves: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 40 }), fc.constant(300)),
    columns: fc.integer({ min: 1, max: 20 }),
    targets: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 9 })),
    thresholds: fc.constantFrom(1, 3, 16, 17, 255, 256, 1000),
    grow: fc.constantFrom("anywhere", "newest", "oldest"),
    seed: fc.nat(1e6),
  });
}

/** A forest of random trees: any threshold, any value, any side for missing values. */
function randomForest({ trees, targets, columns, ...shape }: Shape): Forest {
  const random = new Random(shape.seed);
  const grown = Array.from(
    { length: trees },
    () => randomTree(random, { trees, targets, columns, ...shape }),
  );
  return { objective: "regression", classes: 0, targets, columns, trees: grown };
}

function randomTree(random: Random, { leaves, columns, targets, thresholds, grow }: Shape): Tree {
  const size = 2 * leaves - 1;
  const tree = {
    feature: new Int32Array(size).fill(-1),
    threshold: new Float32Array(size),
    missingLeft: new Uint8Array(size),
    left: new Int32Array(size),
    right: new Int32Array(size),
    value: Float32Array.from({ length: size * targets }, () => random.below(2000) / 7 - 140),
  };
  const open = [0];
  for (let next = 1; next < size; next += 2) {
    const newest = open.length - 1;
    const at = grow === "newest" ? newest : random.below(open.length);
    const node = grow === "oldest" ? (next - 1) / 2 : open[at]!;
    tree.feature[node] = random.below(columns);
    tree.threshold[node] = someNumber(random, thresholds);
    tree.missingLeft[node] = random.below(2);
    tree.left[node] = next;
    tree.right[node] = next + 1;
    open[at] = next;
    open.push(next + 1);
  }
  return tree;
}

/** Thresholds are finite, values need not be; both are often equal. */
function someNumber(random: Random, different: number): number {
  if (random.below(8) === 0) return EXTREMES[3 + random.below(5)]!;
  return random.below(different) - different / 2;
}

function randomMatrix(columns: number, rows: number, shape: Shape): Matrix {
  const random = new Random(shape.seed + 1);
  const value = () =>
    random.below(6) === 0
      ? EXTREMES[random.below(EXTREMES.length)]!
      : someNumber(random, shape.thresholds);
  return {
    rows,
    columns: Array.from({ length: columns }, () => Float32Array.from({ length: rows }, value)),
    names: Array.from({ length: columns }, (_, c) => `x${c}`),
  };
}

/** The definition: each row down each tree, the leaves' values added up in float32. */
function byDefinition(forest: Forest, { columns }: Matrix, row: number): Float32Array {
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
  return sums;
}

Deno.test("sumTrees() gives the bits of the definition on any forest and any values", () => {
  const packed = { yes: 0, no: 0 };
  fc.assert(
    fc.property(shapes(), fc.integer({ min: 0, max: 70 }), (shape, rows) => {
      const forest = randomForest(shape);
      const matrix = randomMatrix(shape.columns, rows, shape);
      const sums = sumTrees(forest, matrix);
      for (let row = 0; row < rows; row++) {
        const expected = byDefinition(forest, matrix, row);
        assert.deepEqual(Float32Array.from(sums, (sum) => sum[row]!), expected);
      }
      assert.deepEqual(sumPlainly(toPlainForm(forest), forest.targets, matrix), sums);
      packed[packForest(forest) === undefined ? "no" : "yes"]++;
    }),
    { numRuns: 400 },
  );
  assert.ok(packed.yes > packed.no, `${packed.yes} forests fit the kernel`);
});

Deno.test("sumTrees() is right in every row of every block, of shallow, deep and large trees", () => {
  const shape = {
    trees: 5,
    columns: 7,
    targets: 1,
    thresholds: 255,
    grow: "anywhere" as const,
    seed: 3,
  };
  for (const leaves of [40, 2000, 20_000]) {
    for (const targets of [1, 6]) {
      const forest = randomForest({ ...shape, leaves, targets });
      assert.ok(packForest(forest) !== undefined);
      const matrix = randomMatrix(7, 17_001, { ...shape, leaves });
      assert.deepEqual(
        sumTrees(forest, matrix),
        sumPlainly(toPlainForm(forest), targets, matrix),
      );
    }
  }
});

Deno.test("sumTrees() takes rows in any order, several times", () => {
  const shape = {
    trees: 3,
    columns: 4,
    targets: 2,
    thresholds: 16,
    grow: "anywhere" as const,
    seed: 5,
  };
  const forest = randomForest({ ...shape, leaves: 30 });
  const matrix = randomMatrix(4, 500, { ...shape, leaves: 30 });
  const rows = Array.from({ length: 3000 }, (_, i) => (i * i) % 500);
  const all = sumTrees(forest, matrix);
  assert.deepEqual(
    sumTrees(forest, matrix, rows),
    all.map((sum) => Float32Array.from(rows, (row) => sum[row]!)),
  );
});

Deno.test("sumTrees() goes back and forth between forests of different sizes", () => {
  const shape = {
    trees: 3,
    columns: 4,
    targets: 1,
    thresholds: 255,
    grow: "anywhere" as const,
    seed: 7,
  };
  const forests = [3, 5000, 50].map((leaves) => randomForest({ ...shape, leaves }));
  const matrix = randomMatrix(4, 100, { ...shape, leaves: 1 });
  const expected = forests.map((f) => sumPlainly(toPlainForm(f), 1, matrix));
  for (const k of [0, 1, 2, 1, 0, 2]) assert.deepEqual(sumTrees(forests[k]!, matrix), expected[k]);
});

Deno.test("packForest() declines what does not fit, and sumTrees() sums it all the same", () => {
  const shape = {
    trees: 2,
    columns: 2,
    targets: 1,
    thresholds: 1e6,
    grow: "anywhere" as const,
    seed: 9,
  };
  const manyThresholds = randomForest({ ...shape, leaves: 70_000 });
  const wide = { ...shape, grow: "oldest" as const, thresholds: 255, trees: 1 };
  const farChildren = randomForest({ ...wide, leaves: 2 ** 17 + 1 });
  assert.ok(packForest(randomForest({ ...wide, leaves: 2 ** 16 })) !== undefined);
  for (const forest of [manyThresholds, farChildren]) {
    assert.ok(packForest(forest) === undefined);
    const matrix = randomMatrix(2, 50, { ...shape, leaves: 1 });
    for (let row = 0; row < 50; row++) {
      const [sum] = byDefinition(forest, matrix, row);
      assert.equal(sumTrees(forest, matrix)[0]![row], sum);
    }
  }
});
