import assert from "node:assert/strict";
import fc from "fast-check";
import { divideShare, shareOf } from "./shares.ts";

Deno.test("shareOf() gives all trees together exactly 1, within one part of each other", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 5000 }), (trees) => {
    const shares = Array.from({ length: trees }, (_, tree) => shareOf(tree, trees));
    assert.equal(shares.reduce((sum, share) => sum + share), 2 ** 24);
    assert.ok(Math.max(...shares) - Math.min(...shares) <= 1);
  }));
});

Deno.test("divideShare() keeps the sum exact, zero zero, and is within a part of the fraction", () => {
  const weights = fc.array(fc.nat(2 ** 20), { minLength: 1, maxLength: 120 });
  fc.assert(fc.property(weights, fc.integer({ min: 1, max: 2 ** 24 }), (list, share) => {
    const total = list.reduce((sum, weight) => sum + weight, 0);
    fc.pre(total > 0);
    const out = new Float64Array(list.length);
    divideShare(Float64Array.from(list), share, out);
    assert.equal(out.reduce((sum, value) => sum + value), share / 2 ** 24);
    out.forEach((value, k) => {
      assert.ok(value >= 0 && Math.fround(value) === value);
      if (list[k] === 0) assert.equal(value, 0);
      assert.ok(Math.abs(value * 2 ** 24 - share * list[k]! / total) <= 1);
    });
  }));
});
