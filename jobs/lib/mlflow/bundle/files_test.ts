import assert from "node:assert/strict";
import { load, YAML11_SCHEMA } from "js-yaml";
import { z } from "zod";
import { type Batch, type FeatureSchema, MISSING_TIMESTAMP } from "../../dataset/mod.ts";
import { bundleFiles, type BundleParts } from "./files.ts";
import { stampModelId } from "./mlmodel.ts";

const schema: FeatureSchema = {
  version: 1,
  target: { objective: "regression", label: "y" },
  features: [
    { name: "when", kind: "timestamp", type: "timestamp[us]", parts: ["hour"] },
    { name: "zoned", kind: "timestamp", type: "timestamp[us, UTC]", parts: ["hour"] },
    { name: "carrier", kind: "categorical", type: "string" },
    { name: "weekend", kind: "boolean", type: "bool" },
    { name: "x", kind: "number", type: "double" },
  ],
  dropped: [],
};
const times = new BigInt64Array([-1n, MISSING_TIMESTAMP]);
const inputExample: Batch = {
  rows: 2,
  file: "",
  firstRow: 0,
  columns: [
    { kind: "number", name: "x", type: "double", values: new Float64Array([1.5, NaN]) },
    { kind: "number", name: "y", type: "double", values: new Float64Array([1, 2]) },
    { kind: "boolean", name: "weekend", type: "bool", values: new Uint8Array([1, 255]) },
    {
      kind: "string",
      name: "carrier",
      type: "string",
      codes: new Int32Array([0, -1]),
      dictionary: ["AA"],
    },
    { kind: "timestamp", name: "when", type: "timestamp[us]", values: times },
    { kind: "timestamp", name: "zoned", type: "timestamp[us, UTC]", values: times },
  ],
};
const parts: BundleParts = {
  onnx: new Uint8Array([1, 2, 3]),
  schema,
  inputExample,
  run: { id: "1e5" },
  createdAt: new Date("2013-01-01T05:00:00.5Z"),
  baseline: { statistics: { version: 0 }, constraints: { version: 0 } },
};

const MLMODEL = z.looseObject({
  flavors: z.object({
    onnx: z.unknown(),
    python_function: z.looseObject({ loader_module: z.string(), code: z.string() }),
  }),
});

function text(files: ReturnType<typeof bundleFiles>, path: string): string {
  const file = files.find((each) => each.path === path);
  assert.ok(file, path);
  return new TextDecoder().decode(file.bytes);
}

Deno.test("bundleFiles() gives the same bytes for the same parts, and every file once", () => {
  const files = bundleFiles(parts);
  assert.deepEqual(bundleFiles(parts), files);
  const paths = files.map(({ path }) => path).filter((path) => !path.startsWith("code/")).sort();
  assert.deepEqual(paths, [
    "MLmodel",
    "baseline/constraints.json",
    "baseline/statistics.json",
    "conda.yaml",
    "feature_schema.json",
    "input_example.json",
    "model.onnx",
    "python_env.yaml",
    "requirements.txt",
    "run.json",
    "serving_input_example.json",
  ]);
});

Deno.test("bundleFiles() writes the example in the schema's order, missing values as null", () => {
  const example = JSON.parse(text(bundleFiles(parts), "input_example.json"));
  assert.deepEqual(example, {
    columns: ["when", "zoned", "carrier", "weekend", "x"],
    data: [
      ["1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999+00:00", "AA", true, 1.5],
      [null, null, null, null, null],
    ],
  });
});

Deno.test("bundleFiles() names the loader in MLmodel as it lies in code/", () => {
  const files = bundleFiles(parts);
  const mlmodel = MLMODEL.parse(load(text(files, "MLmodel"), { schema: YAML11_SCHEMA }));
  const { loader_module, code } = mlmodel.flavors.python_function;
  assert.match(text(files, `${code}/${loader_module}.py`), /def _load_pyfunc/);
  assert.equal(mlmodel.run_id, "1e5");
  assert.equal(mlmodel.utc_time_created, "2013-01-01 05:00:00.500000");
  const stamped = load(text(stampModelId(files, "m-1"), "MLmodel"), { schema: YAML11_SCHEMA });
  assert.deepEqual(stamped, { ...mlmodel, model_id: "m-1" });
});
