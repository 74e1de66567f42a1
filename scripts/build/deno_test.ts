import assert from "node:assert/strict";
import { explainFailure } from "./deno.ts";

Deno.test("explainFailure() tells a runtime that cannot be had from a build that fails", () => {
  const url = "https://dl.deno.land/release/v2.9.6/denort-x86_64-unknown-linux-gnu.zip";
  const offline = explainFailure(
    `error: Writing deno compile executable to temporary file '/x'

Caused by:
    0: Setting up base binary.
    1: error sending request for url (${url}): client error (Connect): dns error`,
    "compile training",
  );
  assert.equal(offline.code, "build.no-runtime");
  assert.match(offline.message, /cannot be downloaded from https:\/\/dl\.deno\.land.*DENORT_BIN/);
  assert.equal(offline.place.url, url);

  const missing = explainFailure("Could not find denort at '/no/denort'", "compile training");
  assert.equal(missing.code, "build.no-runtime");
  assert.match(missing.message, /"\/no\/denort", which is not there/);

  const wrong = explainFailure("error: TS2322\n\nStack backtrace:\n   0: x", "bundle main.ts");
  assert.equal(wrong.code, "build.failed");
  assert.match(wrong.message, /^Cannot bundle main\.ts: error: TS2322\. /);
});
