import assert from "node:assert/strict";
import { parseManifest } from "./manifest_file.ts";

Deno.test("parseManifest() gives each object that is listed once, in order", () => {
  const text = '[{"prefix": "s3://b/data/"}, "z.parquet", "day=1/a.parquet", "z.parquet"]';
  assert.deepEqual(parseManifest(text, "x.manifest"), [
    "s3://b/data/day=1/a.parquet",
    "s3://b/data/z.parquet",
  ]);
});

Deno.test("parseManifest() says what is wrong", () => {
  const wrong: [string, RegExp][] = [
    ["{", /Cannot read the manifest x\.manifest: it is not JSON/],
    ["[]", /0: /],
    ['[{"prefix": "/etc/"}, "passwd"]', /0\.prefix: is no s3:/],
    ['[{"prefix": "s3://b/"}]', /lists no object/],
    ['[{"prefix": "s3://b/"}, 1]', /1: /],
    // Of a ground-truth labelling job: not a list of objects.
    ['{"source-ref": "s3://b/a.jpg"}', /it: /],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => parseManifest(text, "x.manifest"), {
      code: "data.manifest-invalid",
      message,
    });
  }
});
