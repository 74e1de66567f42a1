/** Each module by itself: its own tests, its example applied and taken away again. */
import assert from "node:assert/strict";
import committed from "../../infra/policies/policies.json" with { type: "json" };
import { policiesIn } from "../../scripts/infra/rendered_policies.ts";
import { run } from "../infra/commands.ts";
import { named, toolchain } from "../infra/toolchain.ts";
import { applied, each, inCopy, made, shown, succeeds, terraform } from "./commands.ts";
import { unprotected, untagged } from "./rules.ts";

const { env, withoutProvider, withoutStandIn } = toolchain;
const MODULES = [
  "network",
  "roles",
  "ci-access",
  "monitoring",
  "storage",
  "schedule",
  "pipeline",
  "registry",
];

Deno.test({
  name: named("modules: valid, refuse what is wrong, plan what they promise", withoutProvider),
  ignore: withoutProvider !== undefined,
  fn: async () => {
    await inCopy(async (root) => {
      await each(MODULES, async (module) => {
        const folder = `${root}/infra/modules/${module}`;
        await succeeds(terraform(folder, "init", "-backend=false"));
        await succeeds(terraform(folder, "validate"));
        const { log } = await succeeds(terraform(folder, "test"));
        assert.match(log, /Success! [1-9]\d* passed, 0 failed/, module);
      });
    });
  },
});

Deno.test({
  name: named("policies of all roles are what was committed", withoutProvider),
  ignore: withoutProvider !== undefined,
  fn: async () => {
    await inCopy(async (root) => {
      const folder = `${root}/infra/policies`;
      await succeeds(terraform(folder, "init"));
      await succeeds(terraform(folder, "plan", "-out=plan"));
      const { out } = await succeeds(run("terraform", ["show", "-json", "plan"], {
        cwd: folder,
        env,
      }));
      assert.deepEqual(policiesIn(JSON.parse(out)), committed.documents);
    });
  },
});

Deno.test({
  name: named(
    "examples: applied, encrypted and tagged, nothing left to change, destroyed",
    withoutStandIn,
  ),
  ignore: withoutStandIn !== undefined,
  fn: async () => {
    await inCopy(async (root) => {
      await each(MODULES, async (module) => {
        const folder = `${root}/infra/modules/${module}/examples/complete`;
        await applied(folder);
        const resources = made(await shown(folder));
        assert.ok(resources.length > 0, module);
        assert.deepEqual(unprotected(resources), [], module);
        assert.deepEqual(untagged(resources, "staging"), [], module);
        await succeeds(terraform(folder, "destroy", "-auto-approve"));
      });
    });
  },
});
