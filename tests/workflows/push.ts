/** A push to main that gets through: tests, images, staging, and the same images in prod. */
import assert from "node:assert/strict";
import { digestOf, startRegistry } from "../ecr/registry.ts";
import { BASE, makeStore, removeStore } from "../images/build.ts";
import { toolchain } from "../infra/toolchain.ts";
import { act, actTest } from "./act.ts";
import { platform } from "./platform.ts";
import { checkoutOf } from "./repository.ts";
import { EXTENDED, withoutContainers, withoutRuntime } from "./tools.ts";

const reason = EXTENDED
  ? toolchain.withoutStandIn ?? await withoutRuntime() ?? await withoutContainers()
  : undefined;

actTest(
  "what is pushed is tested, built, deployed to staging, and then the same to prod",
  async () => {
    await using checkout = await checkoutOf({ quick: true });
    await using aws = await platform();
    const [store, registry] = await Promise.all([makeStore(), startRegistry()]);
    try {
      await checkout.change("deno.json", (text) => {
        const config = JSON.parse(text);
        config.tasks["build-push"].command = "deno run -A tests/workflows/build_push.ts";
        return JSON.stringify(config, undefined, 2) + "\n";
      }, "test: a registry of this machine");
      await checkout.git("push", "--quiet", "origin", "main");
      const commit = await checkout.git("rev-parse", "HEAD");
      const done = await act(checkout, {
        workflow: "main",
        event: "push",
        // As many as there are; what a shard and a kind of machine are is proven of ci.
        matrix: ["shard:1/5", "runner:ubuntu-24.04"],
        env: {
          ...store.env,
          AWS_ENDPOINT_URL: aws.env.AWS_ENDPOINT_URL ?? "",
          REGISTRY_AUTH_FILE: `${store.folder}/auth.json`,
          ACT_REGISTRY: registry.host,
          ACT_BASE_IMAGE: BASE,
        },
      });
      assert.equal(done.code, 0, done.log);
      for (const job of ["training", "inference"]) {
        const name = `ml-platform-${job}`;
        const digest = await digestOf(registry.host, name, `staging-${commit}`);
        assert.equal(await digestOf(registry.host, name, `prod-${commit}`), digest);
        const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}`;
        assert.ok(done.asked.includes(`scan high ${image}@${digest}`), `${job} was not scanned`);
        assert.ok(done.asked.includes(`attest ${image}@${digest}`), `${job} was not attested`);
        for (const environment of ["staging", "prod"]) {
          const state = await checkout.state(environment);
          assert.ok(state?.includes(`${image}@${digest}`), `${environment} runs another ${job}`);
        }
      }
      assert.ok(done.asked.includes("upload sbom 4"));
      assert.deepEqual(done.asked.filter((one) => one.startsWith("role ")), [
        ...["role build", "role plan", "role apply", "role run"],
        ...["role build", "role plan", "role apply", "role run"],
      ]);
      // Prod's topic has consumers: nothing is scored there for the sake of a test.
      assert.deepEqual(aws.executions.map(({ pipeline }) => pipeline), [
        "ml-platform-staging-training",
        "ml-platform-staging-inference",
        "ml-platform-prod-training",
      ]);
      const proposed = (await checkout.gh()).filter(([, verb]) => verb === "create");
      assert.deepEqual(proposed.map((call) => call[3]), ["deploy/staging-1", "deploy/prod-1"]);
    } finally {
      await registry.stop();
      await removeStore(store);
    }
  },
  reason,
);
