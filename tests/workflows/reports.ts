/** `drift` and `bench`: what they find is told once, where people look. */
import assert from "node:assert/strict";
import { provided } from "../job/task.ts";
import { toolchain } from "../infra/toolchain.ts";
import { act, actTest } from "./act.ts";
import { platform } from "./platform.ts";
import { checkoutOf } from "./repository.ts";

actTest(
  "what is not as committed is one issue per environment, however often it is found",
  async () => {
    await using checkout = await checkoutOf();
    await using _buckets = await platform();
    // Nothing was ever applied, so that everything has drifted.
    const look = () =>
      act(checkout, { workflow: "drift", env: { AWS_ENDPOINT_URL: provided("ML_TEST_S3") } });
    for (const { code, log, asked } of [await look(), await look()]) {
      assert.equal(code, 0, log);
      assert.match(log, /Summary - [^]*module\.storage\.aws_s3_bucket/);
      assert.deepEqual(asked.filter((one) => one.startsWith("role ")).toSorted(), [
        ...["role plan", "role plan", "role run", "role run"],
      ]);
    }
    const opened = (await checkout.gh()).filter(([, verb]) => verb === "create");
    assert.deepEqual(opened.map((call) => call[call.indexOf("--title") + 1]).toSorted(), [
      "Drift in prod",
      "Drift in staging",
    ]);
  },
  toolchain.withoutStandIn,
);

actTest("a pull request that costs more is told so, and a fork's gets no token", async () => {
  await using checkout = await checkoutOf();
  const ran = checkout.folder.replace(/checkout$/, "ran");
  // How much it costs takes minutes to measure; what is done with the report is tried here.
  await checkout.change("deno.json", (text) => {
    const config = JSON.parse(text);
    config.tasks.bench.command = "sh -c 'cp docs/pipelines.md bench.md'";
    return JSON.stringify(config, undefined, 2) + "\n";
  }, "test: a report");
  await checkout.change("docs/pipelines.md", () => `slower: $(touch ${ran})\n`, "test: its text");
  const propose = (full_name: string) =>
    act(checkout, {
      workflow: "bench",
      event: "pull_request",
      payload: {
        pull_request: { number: 7, head: { repo: { full_name } }, base: { sha: "main" } },
      },
    });
  const own = await propose("your-org/sagemaker-ml-pipelines");
  assert.equal(own.code, 0, own.log);
  const [, commented = []] = await checkout.gh();
  assert.ok(commented.some((word) => word.includes(`slower: $(touch ${ran})`)), `${commented}`);
  await assert.rejects(Deno.stat(ran), "the report was run");
  const calls = (await checkout.gh()).length;
  const fork = await propose("somebody/fork");
  assert.equal(fork.code, 0, fork.log);
  assert.equal((await checkout.gh()).length, calls, "a fork's pull request used the token");
});
