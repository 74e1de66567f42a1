import assert from "node:assert/strict";
import fc from "fast-check";
import { identityFor } from "./run_as.ts";

Deno.test("identityFor() never leaves root as root without being told to", () => {
  assert.deepEqual(identityFor("65532:100", 0), { uid: 65532, gid: 100 });
  assert.equal(identityFor("65532:100", 1000), undefined);
  assert.equal(identityFor("root", 0), undefined);
  assert.equal(identityFor(undefined, 0), undefined);
  fc.assert(fc.property(
    fc.oneof(fc.string(), fc.constantFrom("0:0", "0:5", "5:0", "-1:1", "1:1:1", " 1:1", "Root")),
    (setting) => {
      fc.pre(setting !== "root" && !/^[1-9]\d{0,8}:[1-9]\d{0,8}$/.test(setting));
      assert.throws(() => identityFor(setting, 0), { code: "container.run-as" });
    },
  ));
});
