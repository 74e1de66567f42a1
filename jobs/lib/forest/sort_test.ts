import assert from "node:assert/strict";
import { Random } from "./random.ts";
import { sortFloats } from "./sort.ts";

Deno.test("sortFloats() sorts as Float32Array's own sort does, to the bit", () => {
  const random = new Random(1);
  const special = [0, -0, Infinity, -Infinity, 1e-45, -1e-45, 3.4028234663852886e38, -1];
  for (const size of [0, 1, 4095, 4096, 20_000]) {
    const bits = Uint32Array.from({ length: size }, () => random.next());
    const values = new Float32Array(bits.buffer)
      .map((value, i) => Number.isNaN(value) || i % 9 === 0 ? special[i % 8]! : value);
    const expected = new Uint32Array(values.slice().sort().buffer);
    assert.deepEqual(new Uint32Array(sortFloats(values).buffer), expected);
  }
});
