import assert from "node:assert/strict";
import fc from "fast-check";
import { longsAsNumbers } from "./longs.ts";

Deno.test("longsAsNumbers() rounds as Number() does", () => {
  const signed = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  );
  fc.assert(fc.property(fc.array(signed), (longs) => {
    assert.deepEqual([...longsAsNumbers(BigInt64Array.from(longs))], longs.map(Number));
    const unsigned = longs.map((long) => BigInt.asUintN(64, long));
    assert.deepEqual([...longsAsNumbers(BigUint64Array.from(unsigned))], unsigned.map(Number));
  }));
});
