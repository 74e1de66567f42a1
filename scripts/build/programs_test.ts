import assert from "node:assert/strict";
import { engineFlagsOf, permissionsOf, PROGRAMS } from "./programs.ts";

Deno.test("permissionsOf(): named variables, three folders, no program but itself, nothing else", () => {
  for (const program of PROGRAMS) {
    const flags = permissionsOf(program);
    const names = flags.map((flag) => flag.split("=")[0]);
    assert.deepEqual(names.toSorted(), [
      "--allow-env",
      "--allow-net",
      "--allow-read",
      "--allow-run",
      "--allow-sys",
      "--allow-write",
      "--no-prompt",
    ]);
    const value = (name: string) =>
      flags.find((flag) => flag.startsWith(`${name}=`))?.split("=")[1];
    assert.match(value("--allow-env") ?? "", /(^|,)ML_\*(,|$)/);
    assert.equal(value("--allow-read"), "/opt/ml,/tmp,.");
    assert.equal(value("--allow-write"), "/opt/ml,/tmp,.");
    assert.equal(value("--allow-run"), `/usr/local/bin/${program}`);
  }
});

Deno.test("engineFlagsOf(): a binary's engine is told what the task's is told", () => {
  for (const program of PROGRAMS) {
    const [flags = "", ...others] = engineFlagsOf(program);
    assert.match(flags, /^--v8-flags=--max-semi-space-size=8(,|$)/);
    assert.deepEqual(others, []);
  }
});
