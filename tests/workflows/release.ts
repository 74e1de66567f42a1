/** `release`: a version, its tag, its binaries, and staging's modules from it. */
import assert from "node:assert/strict";
import { run } from "../infra/commands.ts";
import { toolchain } from "../infra/toolchain.ts";
import { act, actTest } from "./act.ts";
import { checkoutOf } from "./repository.ts";
import { EXTENDED, withoutRuntime } from "./tools.ts";

actTest("a release tags what it built, and staging's modules come from the tag", async () => {
  await using checkout = await checkoutOf({ quick: true });
  await checkout.change("docs/pipelines.md", (text) => `${text}\n`, "feat(forest): grows faster");
  await checkout.git("push", "--quiet", "origin", "main");
  const done = await act(checkout, {
    workflow: "release",
    // Binaries for the other kind of machine need a runtime that not every machine can get.
    matrix: ["target:x86_64-unknown-linux-gnu", "runner:ubuntu-24.04", "shard:1/5"],
  });
  assert.equal(done.code, 0, done.log);
  const remote = (...args: string[]) => checkout.git("--git-dir", checkout.origin, ...args);
  assert.equal(await remote("tag", "--list"), "v0.1.0\nv0.2.0");
  assert.match(await remote("show", "v0.2.0:deno.json"), /"version": "0\.2\.0"/);
  assert.match(
    await remote("show", "v0.2.0:CHANGELOG.md"),
    /## 0\.2\.0 [^]*\*\*forest\*\*: grows faster/,
  );
  const main = await remote("show", "release/v0.2.0:infra/staging/main.tf");
  assert.match(main, /modules\/storage\?ref=v0\.2\.0"/);
  assert.doesNotMatch(main, /v0\.1\.0/);
  const [released, proposed] = await checkout.gh();
  assert.deepEqual(released?.slice(0, 3), ["release", "create", "v0.2.0"]);
  assert.deepEqual(released?.slice(3).filter((one) => one.startsWith("assets/")), [
    "assets/SHA256SUMS-x86_64-unknown-linux-gnu",
    "assets/inference-x86_64-unknown-linux-gnu.tar.gz",
    "assets/training-x86_64-unknown-linux-gnu.tar.gz",
  ]);
  assert.deepEqual(proposed?.slice(0, 4), ["pr", "create", "--head", "release/v0.2.0"]);
  assert.ok(done.asked.includes("attest assets/*.tar.gz@"), "the binaries are not attested");
  // Whoever merges that deploys the modules of the tag.
  await checkout.git("fetch", "--quiet", "origin", "release/v0.2.0");
  await checkout.git("switch", "--quiet", "--detach", "FETCH_HEAD");
  const env = { ...checkout.env, ...toolchain.env };
  const got = await run("terraform", ["get"], { cwd: `${checkout.folder}/infra/staging`, env });
  assert.equal(got.code, 0, got.log);
}, EXTENDED ? toolchain.withoutTerraform ?? await withoutRuntime() : undefined);

actTest("nothing is released twice, and nothing earlier", async () => {
  await using checkout = await checkoutOf({ quick: true });
  await checkout.change("docs/pipelines.md", (text) => `${text}\n`, "feat(forest): grows faster");
  await checkout.git("push", "--quiet", "origin", "main");
  for (const version of ["0.0.9", "0.1.0"]) {
    const done = await act(checkout, { workflow: "release", inputs: { version } });
    assert.notEqual(done.code, 0);
    assert.match(done.log, /Cannot release 0\.\d\.\d: v0\.1\.0 is out already/);
    assert.deepEqual([done.failed, done.succeeded], [["release/version"], []], "more was done");
  }
  assert.deepEqual(await checkout.gh(), []);
  assert.equal(await checkout.git("--git-dir", checkout.origin, "tag", "--list"), "v0.1.0");
});
