import assert from "node:assert/strict";
import fc from "fast-check";
import { sorted } from "./sort.ts";

Deno.test("sorted() sorts numbers of any kind as sort() does", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const crowded = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(1e12));
  const small = fc.integer({ min: -20_000, max: 20_000 });
  for (const kind of [finite, small, fc.integer(), fc.nat(9), crowded]) {
    fc.assert(fc.property(fc.array(kind, { maxLength: 300 }), fc.boolean(), (list, ordered) => {
      const values = Float64Array.from(ordered ? list.toSorted((a, b) => a - b) : list);
      const before = values.slice();
      assert.deepEqual(sorted(values), values.slice().sort());
      assert.deepEqual(values, before);
    }));
  }
});
