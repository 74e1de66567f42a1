import assert from "node:assert/strict";
import { WASM_PAGE, withMemoryLimit } from "./memory_limit.ts";

/** A module that exports a memory of one page as `m`. */
const MODULE = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x05, 0x03, 0x01, 0x00, 0x01],
  ...[0x07, 0x05, 0x01, 0x01, 0x6d, 0x02, 0x00],
]);

Deno.test("withMemoryLimit() lets a memory grow up to the limit", () => {
  for (const pages of [2, 127, 128, 300]) {
    const module = new WebAssembly.Module(withMemoryLimit(MODULE, pages));
    const { m } = new WebAssembly.Instance(module).exports;
    assert.ok(m instanceof WebAssembly.Memory);
    m.grow(pages - 1);
    assert.equal(m.buffer.byteLength, pages * WASM_PAGE);
    assert.throws(() => m.grow(1), RangeError);
  }
});

Deno.test("withMemoryLimit() refuses a module without such a memory", () => {
  assert.throws(() => withMemoryLimit(MODULE.subarray(0, 8), 2), TypeError);
  assert.throws(() => withMemoryLimit(withMemoryLimit(MODULE, 2), 2), TypeError);
});
