import assert from "node:assert/strict";
import fc from "fast-check";
import { log2 } from "./log2.ts";

Deno.test("log2() is the binary logarithm, exact for powers of two", () => {
  for (let e = 0; e <= 60; e++) assert.equal(log2(2 ** e), e);
  fc.assert(fc.property(fc.double({ min: 1, max: 2 ** 53, noNaN: true }), (x) => {
    assert.ok(Math.abs(log2(x) - Math.log2(x)) <= 4e-16 * Math.max(1, Math.log2(x)), `${x}`);
  }));
});
