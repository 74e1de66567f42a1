import assert from "node:assert/strict";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { encoding, noiseForest } from "../../../../tests/forest/model.ts";
import type { Encoding, FeatureSchema } from "../../dataset/mod.ts";
import { DataError, UsageError } from "../../errors.ts";
import type { Forest } from "../forest.ts";
import { bundleBytes } from "./ensemble.ts";
import { ModelProtoSchema } from "./gen/onnx-ml_pb.ts";
import { writeOnnx } from "./write.ts";

const META = { producer: "test", version: "1.2.3", engine: "forest" };

const numbers = (...names: string[]): FeatureSchema => ({
  version: 1,
  target: { objective: "classification", label: "y", kind: "boolean", classes: [false, true] },
  features: names.map((name) => ({ name, kind: "number", type: "double" })),
  dropped: [],
});
const plain = (schema: FeatureSchema): Encoding => ({ schema, categories: new Map() });

Deno.test("writeOnnx() writes as the protobuf library does, every node and tensor with its own name", async () => {
  const property = fc.asyncProperty(encoding(), fc.nat(100), async (model, seed) => {
    const bytes = writeOnnx(await noiseForest(model, seed, 1), model, META);
    const { graph } = fromBinary(ModelProtoSchema, bytes);
    assert.deepEqual(toBinary(ModelProtoSchema, fromBinary(ModelProtoSchema, bytes)), bytes);
    const nodes = graph!.node.map((node) => node.name);
    const tensors = [
      ...graph!.input.map((input) => input.name),
      ...graph!.initializer.map((constant) => constant.name),
      ...graph!.node.flatMap((node) => node.output),
    ];
    assert.equal(new Set(nodes).size, nodes.length);
    assert.equal(new Set(tensors).size, tensors.length);
    const { features } = model.schema;
    assert.deepEqual(graph!.input.map(({ name }) => name), features.map(({ name }) => name));
  });
  await fc.assert(property, { numRuns: 30 });
});

Deno.test("writeOnnx() keeps where the model comes from, and gives the same bytes again", async () => {
  const model = plain(numbers("a", "b"));
  const forest = await noiseForest(model, 1);
  const bytes = writeOnnx(forest, model, META);
  const { producerName, producerVersion, metadataProps } = fromBinary(ModelProtoSchema, bytes);
  assert.deepEqual([producerName, producerVersion], ["test", "1.2.3"]);
  assert.deepEqual(metadataProps.map(({ key, value }) => [key, value]), [
    ["forest.layout", "1"],
    ["objective", "classification"],
    ["engine", "forest"],
  ]);
  assert.deepEqual(writeOnnx(forest, model, META), bytes);
});

Deno.test("writeOnnx() refuses a feature with the name of an output", async () => {
  for (const name of ["label", "probability_true", ""]) {
    const forest = await noiseForest(plain(numbers("a")), 1);
    assert.throws(() => writeOnnx(forest, plain(numbers(name)), META), (error) => {
      assert.ok(error instanceof DataError && error.code === "model.name-taken");
      assert.match(error.message, /Rename the column or drop it/);
      return true;
    });
  }
});

Deno.test("writeOnnx() refuses a forest that ONNX cannot hold, before it writes", async () => {
  const forest = await noiseForest(plain(numbers("a")), 1);
  const [tree] = forest.trees;
  const trees = new Array(Math.ceil(60e6 / tree!.feature.length)).fill(tree);
  assert.throws(() => writeOnnx({ ...forest, trees }, plain(numbers("a")), META), (error) => {
    assert.ok(error instanceof UsageError && error.code === "model.too-large");
    assert.match(error.message, /2 GiB/);
    return true;
  });
});

Deno.test("writeOnnx() refuses a forest of another schema", async () => {
  const forest = await noiseForest(plain(numbers("a")), 1);
  assert.throws(() => writeOnnx(forest, plain(numbers("a", "b")), META), RangeError);
});

Deno.test("bundleBytes() foretells the size of a large model to a tenth", () => {
  for (const classes of [2, 3, 7]) {
    const model = plain(numbers("a", "b"));
    const names = Array.from({ length: classes }, (_, k) => `c${k}`);
    const target = { ...model.schema.target, kind: "string" as const, classes: names };
    const schema = { ...model.schema, target } as FeatureSchema;
    const targets = classes === 2 ? 1 : classes;
    const forest = completeForest(16, targets, classes);
    const bytes = writeOnnx(forest, plain(schema), META).length;
    const foretold = bundleBytes(3 * (2 ** 17 - 1), targets);
    assert.ok(foretold >= bytes && foretold <= 1.1 * bytes, `${foretold} for ${bytes}`);
  }
});

/** Three complete trees in which every leaf has all values. */
function completeForest(depth: number, targets: number, classes: number): Forest {
  const size = 2 ** (depth + 1) - 1;
  const inner = (size - 1) / 2;
  const each = { length: size };
  const tree = {
    feature: Int32Array.from(each, (_, node) => node < inner ? node % 2 : -1),
    threshold: new Float32Array(size),
    missingLeft: new Uint8Array(size),
    left: Int32Array.from(each, (_, node) => node < inner ? 2 * node + 1 : 0),
    right: Int32Array.from(each, (_, node) => node < inner ? 2 * node + 2 : 0),
    value: new Float32Array(size * targets).fill(2 ** -10),
  };
  return { objective: "classification", classes, targets, columns: 2, trees: [tree, tree, tree] };
}
