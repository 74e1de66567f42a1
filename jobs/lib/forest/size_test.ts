import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { forestEngine, type ForestOptions, type TrainingSet, writeOnnx } from "./mod.ts";
import { bundleBytes } from "./onnx/ensemble.ts";
import { Random } from "./random.ts";
import { SizeWatch } from "./size.ts";

const OPTIONS: ForestOptions = {
  objective: "classification",
  trees: 40,
  maxDepth: 0,
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  classWeight: "none",
  seed: 1,
  threads: 1,
};

for (const [engine, changes] of [["kernel", {}], ["reference", { maxLeafNodes: 1000 }]] as const) {
  Deno.test(`forestEngine warns of a large model and refuses one that is too large, early (${engine})`, async () => {
    const set = noise(600);
    const { bytes, nodes } = await sizeOf(set, changes);
    // What is foretold is what comes, and not less.
    assert.ok(bytes <= bundleBytes(nodes, 1) && bytes > 0.8 * bundleBytes(nodes, 1));
    const warned = await train(set, changes, { warn: 0.8 * bytes, refuse: 1.5 * bytes });
    assert.equal(warned.trees, OPTIONS.trees);
    assert.equal(warned.notices.length, 1);
    assert.match(
      warned.notices[0] ?? "",
      /^after 4 trees with \d+ nodes on average the model of 40 is .* about 1 MB: set a lower --max-depth/,
    );
    const refused = await train(set, changes, { warn: 1, refuse: 0.8 * bytes });
    assert.ok(refused.error instanceof UsageError);
    assert.equal(refused.error.code, "model.too-large");
    assert.match(refused.error.message, /Set a lower --max-depth, a greater --min-samples-leaf or/);
    assert.ok(refused.trees < 6, `${refused.trees} trees were grown all the same`);
    assert.deepEqual(
      (await train(set, changes, { warn: 2 * bytes, refuse: 2 * bytes })).notices,
      [],
    );
  });
}

Deno.test("SizeWatch warns from 500 MB and refuses from 1.9 GB, of any number of trees", () => {
  const nodesOf = (bytes: number) => bytes / bundleBytes(1e6, 1) * 1e6;
  for (const trees of [1, 3, 100]) {
    const notices: string[] = [];
    const watch = () => new SizeWatch(trees, 1, { onNotice: (notice) => notices.push(notice) });
    const grow = (size: SizeWatch, bytes: number) => {
      for (let tree = 0; tree < trees; tree++) size.add(Math.round(nodesOf(bytes) / trees));
    };
    grow(watch(), 499e6);
    assert.deepEqual(notices, []);
    grow(watch(), 1.89e9);
    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? "", /about 1\.9 GB/);
    assert.throws(() => grow(watch(), 1.91e9), /is going to have about 1\.9 GB/);
  }
});

async function train(
  set: TrainingSet,
  changes: Partial<ForestOptions>,
  sizeBounds: { warn: number; refuse: number },
) {
  const notices: string[] = [];
  let trees = 0;
  let error: unknown;
  await forestEngine.train(set, { ...OPTIONS, ...changes }, {
    sizeBounds,
    onNotice: (notice) => notices.push(notice),
    onProgress: (progress) => trees = progress.trees,
  }).catch((thrown) => error = thrown);
  return { notices, trees, error };
}

async function sizeOf(set: TrainingSet, changes: Partial<ForestOptions>) {
  const { forest } = await forestEngine.train(set, { ...OPTIONS, ...changes });
  const features = set.matrix.names.map((name) => ({
    name,
    kind: "number" as const,
    type: "float",
  }));
  const target = {
    objective: "classification",
    label: "y",
    kind: "boolean",
    classes: [false, true],
  } as const;
  const schema = { version: 1 as const, target, features, dropped: [] };
  const model = writeOnnx(forest, { schema, categories: new Map() }, { producer: "", version: "" });
  const nodes = forest.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  return { bytes: model.length, nodes };
}

/** Labels that no column tells: trees grow as large as they can. */
function noise(rows: number): TrainingSet {
  const random = new Random(1);
  const columns = [0, 1, 2].map(() => Float32Array.from({ length: rows }, () => random.below(1e6)));
  return {
    matrix: { rows, columns, names: ["a", "b", "c"] },
    labels: Int32Array.from({ length: rows }, () => random.below(2)),
    classes: 2,
  };
}
