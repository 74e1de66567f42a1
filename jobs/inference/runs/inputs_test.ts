import assert from "node:assert/strict";
import { inputKey } from "./inputs.ts";

Deno.test("inputKey() is the same wherever the folder is mounted, and another for every file", () => {
  assert.equal(
    inputKey("/opt/ml/processing/input/data", "/opt/ml/processing/input/data/a/x"),
    "a/x",
  );
  assert.equal(inputKey("s3://b/days/", "s3://b/days/a/x"), "a/x");
  assert.equal(inputKey("./days", "days/a/x"), "a/x");
  assert.equal(inputKey("days/*/x", "days/a/x"), "a/x");
  assert.equal(inputKey("*/x", "a/x"), "a/x");
  assert.equal(inputKey("/data/x", "/data/x"), "x");
  assert.equal(inputKey("file:///data/x", "/data/x"), "x");
  assert.equal(inputKey("https://host/x", "https://host/x"), "x");
  assert.equal(inputKey("s3://b/a.manifest", "s3://c/a/x"), "s3://c/a/x");
});
