import assert from "node:assert/strict";
import { DataError } from "../../errors.ts";
import type { FeatureSchema } from "../../dataset/mod.ts";
import { bundleFiles } from "./files.ts";
import { toBundle } from "./read.ts";

const onnx = new TextEncoder().encode("a model");
const schema: FeatureSchema = {
  version: 1,
  target: { objective: "regression", label: "y" },
  features: [{ name: "x", kind: "number", type: "double" }],
  dropped: [],
};
const files = bundleFiles({
  onnx,
  schema,
  run: { id: "r1", modelName: "M" },
  createdAt: new Date("2013-01-01T00:00:00Z"),
});

function refusal(given: typeof files): DataError {
  try {
    toBundle(given, "here");
  } catch (error) {
    if (error instanceof DataError) return error;
  }
  throw new assert.AssertionError({ message: "not refused" });
}

Deno.test("toBundle() reads what bundleFiles() made, also below one folder", () => {
  const moved = files.map(({ path, bytes }) => ({ path: `model/${path}`, bytes }));
  for (const given of [files, moved]) {
    const bundle = toBundle(given, "here");
    assert.deepEqual(bundle.onnx, onnx);
    assert.deepEqual(bundle.schema, schema);
    assert.deepEqual(bundle.run, { run_id: "r1", model_digest: bundle.digest, model_name: "M" });
    assert.equal(bundle.files.length, files.length);
  }
});

Deno.test("toBundle() takes an ONNX model that the platform did not make", () => {
  const bundle = toBundle([{ path: "model.onnx", bytes: onnx }], "here");
  assert.equal(bundle.schema, undefined);
  assert.equal(bundle.run, undefined);
});

Deno.test("toBundle() refuses a missing, a changed and a damaged file", () => {
  const without = files.filter(({ path }) => path !== "model.onnx");
  assert.equal(refusal(without).code, "model.not-a-bundle");
  assert.match(
    refusal([{ path: "a/model/model.onnx", bytes: onnx }, { path: "b", bytes: onnx }]).message,
    /a\/model/,
  );
  assert.equal(refusal([]).code, "model.not-a-bundle");
  const change = (name: string, text: string) =>
    files.map((file) =>
      file.path === name ? { path: name, bytes: new TextEncoder().encode(text) } : file
    );
  assert.equal(refusal(change("model.onnx", "another")).code, "model.digest-mismatch");
  assert.match(
    refusal(change("feature_schema.json", "{")).message,
    /feature_schema\.json .* damaged/,
  );
  assert.match(refusal(change("run.json", "{}")).message, /run_id/);
});
