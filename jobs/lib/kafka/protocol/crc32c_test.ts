import assert from "node:assert/strict";
import fc from "fast-check";
import { crc32c } from "./crc32c.ts";

Deno.test("crc32c() is that of RFC 3720's examples", () => {
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(new Uint8Array()), 0);
});

Deno.test("crc32c() agrees with the definition, bit by bit, for any part of any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000, size: "max" }), fc.nat(20), (bytes, skip) => {
      const start = Math.min(skip, bytes.length);
      const expected = byDefinition(bytes.subarray(start));
      assert.equal(crc32c(bytes, start), expected);
      assert.equal(crc32c(bytes.subarray(start)), expected);
    }),
  );
});

function byDefinition(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
