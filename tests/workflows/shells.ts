/** What hides that a command failed. */
import assert from "node:assert/strict";
import { load } from "js-yaml";

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
