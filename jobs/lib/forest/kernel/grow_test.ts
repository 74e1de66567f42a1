import assert from "node:assert/strict";
import fc from "fast-check";
import { mixedSet, options, trainingSet } from "../../../../tests/forest/arbitrary.ts";
import { forestEngine } from "../ensemble.ts";
import type { ForestOptions, TrainingSet } from "../forest.ts";
import { trainReference } from "../reference.ts";

/** Trains with the kernel and in plain TypeScript: every tree and importance must have the same bits. */
async function assertSame(set: TrainingSet, given: ForestOptions): Promise<void> {
  assert.deepEqual(await forestEngine.train(set, given), await trainReference(set, given));
}

/** Hyperparameters that few use. */
const rare = fc.record({
  minSamplesSplit: fc.integer({ min: 2, max: 6 }),
  minImpurityDecrease: fc.constantFrom(0, 0.001, 0.05),
  maxSamples: fc.constantFrom(0.1, 0.5, 1, 10),
  criterion: fc.constantFrom("gini", "entropy"),
}, { requiredKeys: [] });

for (const [name, classes] of [["two classes", 2], ["classes", 7], ["regression", 0]] as const) {
  Deno.test(`the kernel grows the reference's trees on small sets with everything (${name})`, async () => {
    const objective = classes === 0 ? "regression" : "classification";
    await fc.assert(
      fc.asyncProperty(
        trainingSet({ classes, rows: 60, columns: 6 }),
        fc.option(fc.float({ min: 0, max: 9, noNaN: true }), { nil: undefined }),
        options(objective),
        rare,
        async (set, weight, given, rare) => {
          const weights = weight === undefined ? {} : {
            weights: Float32Array.from(set.labels, (_, row) => 1 + (row % 3) * weight),
          };
          await assertSame({ ...set, ...weights }, { ...given, ...rare });
        },
      ),
      { numRuns: 400 },
    );
  });
}

const OPTIONS: ForestOptions = {
  objective: "classification",
  trees: 3,
  maxDepth: 0,
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  classWeight: "none",
  seed: 1,
  threads: 1,
};

Deno.test("the kernel grows the reference's trees on larger sets, deep and shallow", async () => {
  for (const classes of [2, 3, 0]) {
    const objective = classes === 0 ? "regression" : "classification";
    const set = mixedSet(3000, 13, classes, 7);
    for (
      const changes of [{}, { maxDepth: 6 }, { minSamplesLeaf: 5 }, {
        classWeight: "balanced",
      }] as const
    ) {
      await assertSame(set, { ...OPTIONS, objective, ...changes });
    }
  }
});

Deno.test("the kernel takes weights beyond 16 bits, 300 columns, 50 classes, all columns a node", async () => {
  await assertSame(mixedSet(110_000, 3, 2, 5), { ...OPTIONS, trees: 1, maxDepth: 4 });
  await assertSame(mixedSet(110_000, 3, 2, 5), {
    ...OPTIONS,
    trees: 1,
    maxDepth: 3,
    minSamplesLeaf: 20,
  });
  await assertSame(mixedSet(400, 300, 50, 2), OPTIONS);
  await assertSame(mixedSet(400, 300, 2, 3), { ...OPTIONS, maxFeatures: "all", maxDepth: 5 });
  await assertSame(mixedSet(500, 50, 3, 3), { ...OPTIONS, maxFeatures: "all", maxDepth: 5 });
});
