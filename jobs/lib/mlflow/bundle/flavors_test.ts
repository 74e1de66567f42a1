import assert from "node:assert/strict";
import { DataError } from "../../errors.ts";
import { toBundle } from "./read.ts";

const file = (path: string, text: string) => ({ path, bytes: new TextEncoder().encode(text) });
const mlmodel = (flavors: string) => file("MLmodel", `flavors:\n${flavors}run_id: r\n`);

Deno.test("toBundle() takes the graph that the flavour onnx names, wherever it lies", () => {
  const files = [mlmodel("  onnx:\n    data: graph/a.onnx\n"), file("graph/a.onnx", "graph")];
  assert.deepEqual(toBundle(files, "x").onnx, files[1]?.bytes);
  const plain = [mlmodel("  onnx:\n    onnx_version: '1.20'\n"), file("model.onnx", "graph")];
  assert.deepEqual(toBundle(plain, "x").onnx, plain[1]?.bytes);
  assert.deepEqual(toBundle([file("model.onnx", "g")], "x").onnx, file("", "g").bytes);
});

Deno.test("toBundle() refuses other flavours by their names", () => {
  const files = [
    mlmodel("  python_function:\n    data: model.pkl\n  sklearn:\n    pickled_model: model.pkl\n"),
    file("model.pkl", ""),
  ];
  const refused = (error: unknown) =>
    error instanceof DataError && error.code === "model.flavor-unsupported" &&
    /sklearn/.test(error.message) && /mlflow\.onnx/.test(error.message);
  assert.throws(() => toBundle(files, "models:/m/1"), refused);
  assert.throws(
    () => toBundle([mlmodel("  python_function:\n    loader_module: x\n")], "y"),
    /python_function/,
  );
});
