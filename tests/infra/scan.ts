/** What a scanner of policies finds; why it is not to look somewhere stands there, beside the code. */
import assert from "node:assert/strict";
import { run } from "./commands.ts";

Deno.test("checkov finds nothing but what has its reason beside it", async () => {
  const python = Deno.env.get("ML_TEST_PYTHON_TERRAFORM");
  assert.ok(python, "run it by deno task test infra");
  const checkov = python.replace(/python$/, "checkov");
  const { code, out, log } = await run(checkov, ["--config-file", "infra/.checkov.yaml"]);
  assert.equal(code, 0, log);
  const [, passed = "0"] = /Passed checks: (\d+), Failed checks: 0/.exec(out) ?? [];
  assert.ok(Number(passed) > 500, `checkov looked at little: ${out}`);
});

Deno.test("every skip of checkov says why", async () => {
  for (const { path, text } of await configurations("infra")) {
    for (const [line] of text.matchAll(/^.*checkov:skip.*$/gm)) {
      assert.match(line, /#checkov:skip=CKV2?_[A-Z]+_\d+:[A-Z].{20,}\.$/, path);
    }
  }
});

async function configurations(folder: string): Promise<{ path: string; text: string }[]> {
  const found: { path: string; text: string }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await configurations(path));
    else if (name.endsWith(".tf")) found.push({ path, text: await Deno.readTextFile(path) });
  }
  return found;
}
