import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../errors.ts";
import { parseModelUri } from "./model_uri.ts";

Deno.test("parseModelUri() reads every documented form", () => {
  const forms = {
    "models:/M@champion": { kind: "alias", name: "M", alias: "champion" },
    "models:/Late flights@a-b": { kind: "alias", name: "Late flights", alias: "a-b" },
    "models:/M/3": { kind: "version", name: "M", version: "3" },
    "models:/M/latest": { kind: "latest", name: "M" },
    "models:/M/Production": { kind: "stage", name: "M", stage: "Production" },
    "models:/M/none": { kind: "stage", name: "M", stage: "None" },
    "models:/M/STAGING": { kind: "stage", name: "M", stage: "Staging" },
    "runs:/abc123/model": { kind: "run", runId: "abc123", path: "model" },
    "runs:/abc123/a/b/": { kind: "run", runId: "abc123", path: "a/b" },
    "out/model": { kind: "path", path: "out/model" },
    "/opt/ml/model.tar.gz": { kind: "path", path: "/opt/ml/model.tar.gz" },
    "C:\\models\\m": { kind: "path", path: "C:\\models\\m" },
    "file:///a%20b/m": { kind: "path", path: "/a b/m" },
  };
  for (const [uri, meaning] of Object.entries(forms)) {
    assert.deepEqual(parseModelUri(uri), meaning, uri);
  }
});

Deno.test("parseModelUri() refuses anything else and lists the forms", () => {
  const wrong = [
    "",
    " ",
    "models:",
    "models:/",
    "models:M@a",
    "models://M/1",
    "models:/M",
    "models:/M@",
    "models:/@champion",
    "models:/M@a@b",
    "models:/M/1/2",
    "models:/M/v1",
    "models:/M/Live",
    "runs:/abc",
    "runs:/abc/",
    "runs://abc/model",
    "s3://bucket",
    "gs://bucket/model.tar.gz",
    "file:model",
    "file://host/model",
    "file:///%zz",
  ];
  for (const uri of wrong) {
    assert.throws(
      () => parseModelUri(uri),
      (error: unknown) =>
        error instanceof UsageError && error.code === "model.uri-invalid" &&
        error.message.includes("models:/NAME@ALIAS"),
      uri,
    );
  }
});

Deno.test("parseModelUri() throws nothing but UsageError", () => {
  const scheme = fc.constantFrom("models:/", "runs:/", "file://", "models:", "");
  fc.assert(fc.property(scheme, fc.string({ unit: "binary" }), (prefix, rest) => {
    try {
      parseModelUri(prefix + rest);
    } catch (error) {
      assert.ok(error instanceof UsageError);
    }
  }));
});
