import assert from "node:assert/strict";
import fc from "fast-check";
import { sorted } from "./sort.ts";

Deno.test("sorted() sorts numbers of any kind as sort() does", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  for (const kind of [finite, fc.integer({ min: -20_000, max: 20_000 }), fc.integer(), fc.nat(9)]) {
    fc.assert(fc.property(fc.array(kind, { maxLength: 300 }), fc.boolean(), (list, ordered) => {
      const values = Float64Array.from(ordered ? list.toSorted((a, b) => a - b) : list);
      const before = values.slice();
      assert.deepEqual(sorted(values), values.slice().sort());
      assert.deepEqual(values, before);
    }));
  }
});
