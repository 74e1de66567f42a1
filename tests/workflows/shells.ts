/** The scripts in the workflows: what hides that a command failed, and what actionlint knows of shells. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { run } from "../infra/commands.ts";
import { named } from "../infra/toolchain.ts";
import { EXTENDED, program, withoutActionlint } from "./tools.ts";

Deno.test("a step fails with whatever fails in it, in the middle of a pipe too", async () => {
  const folder = ".github/workflows";
  for await (const { name } of Deno.readDir(folder)) {
    const workflow = load(await Deno.readTextFile(`${folder}/${name}`)) as {
      defaults?: { run?: { shell?: string } };
      jobs: Record<string, { steps?: { run?: string }[] }>;
    };
    const runs = Object.values(workflow.jobs).some(({ steps = [] }) =>
      steps.some(({ run }) => run !== undefined)
    );
    if (!runs) continue;
    // GitHub's default is `bash -e`; by its name it is started with pipefail.
    assert.equal(workflow.defaults?.run?.shell, "bash", name);
  }
});

if (EXTENDED) {
  Deno.test({
    name: named("actionlint has nothing to say", withoutActionlint),
    ignore: withoutActionlint !== undefined,
    fn: async () => {
      const { code, log } = await run(program("ACTIONLINT", "actionlint"), []);
      assert.equal(code, 0, log);
    },
  });
}
