import assert from "node:assert/strict";
import fc from "fast-check";
import { decimalText } from "./decimal.ts";

Deno.test("decimalText() has all digits, and none that say nothing", () => {
  assert.equal(decimalText(-150n, 2), "-1.5");
  assert.equal(decimalText(-5n, 3), "-0.005");
  assert.equal(decimalText(12n, -2), "1200");
  assert.equal(
    decimalText(12345678901234567890123456789012345678n, 10),
    "1234567890123456789012345678.9012345678",
  );
  fc.assert(fc.property(fc.bigInt(), fc.integer({ min: 0, max: 40 }), (value, scale) => {
    const [whole = "", fraction = ""] = decimalText(value, scale).split(".");
    assert.equal(BigInt(whole + fraction.padEnd(scale, "0")), value);
  }));
});
