import assert from "node:assert/strict";
import fc from "fast-check";
import type { Column } from "../column.ts";
import { DatasetProfile, type Statistics, statisticsOf } from "../profile/mod.ts";
import { driftOf, jensenShannon, kolmogorovSmirnov, populationStability } from "./mod.ts";

const counts = fc.array(fc.nat({ max: 1_000 }), { minLength: 2, maxLength: 12 });

Deno.test("the distances are zero for equal counts, symmetric, and bounded", () => {
  fc.assert(fc.property(counts, counts, (left, right) => {
    const size = Math.min(left.length, right.length);
    const [a, b] = [left.slice(0, size), right.slice(0, size)];
    const weighted = (list: number[]) => ({
      values: Float64Array.from(list.keys()),
      weights: Float64Array.from(list),
    });
    for (
      const distance of [
        jensenShannon,
        populationStability,
        (x: number[], y: number[]) => kolmogorovSmirnov(weighted(x), weighted(y)),
      ]
    ) {
      assert.ok(distance(a, a) < 1e-7);
      assert.ok(Math.abs(distance(a, b) - distance(b, a)) < 1e-9);
      assert.ok(distance(a, b) >= 0);
    }
    assert.ok(jensenShannon(a, b) <= 1 + 1e-9);
  }));
});

Deno.test("the distances equal those of scipy 1.17.1", () => {
  // scipy.spatial.distance.jensenshannon([10, 20, 30], [30, 20, 10], 2)
  assert.ok(Math.abs(jensenShannon([10, 20, 30], [30, 20, 10]) - 0.3547035152) < 1e-6);
  // scipy.stats.ks_2samp([1, 2, 3, 4], [3, 4, 5, 6]).statistic
  const ones = Float64Array.of(1, 1, 1, 1);
  const ks = kolmogorovSmirnov(
    { values: Float64Array.of(1, 2, 3, 4), weights: ones },
    { values: Float64Array.of(3, 4, 5, 6), weights: ones },
  );
  assert.equal(ks, 0.5);
});

/** Normal numbers by the sum of twelve uniform ones, from a generator with a seed. */
function day(seed: number, { shift = 0, share = 0.5, gap = 0, rows = 2_000 }): Statistics {
  let state = seed;
  const next = () => (state = Math.imul(state, 1664525) + 1013904223 >>> 0) / 2 ** 32;
  const x = new Float64Array(rows);
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = shift - 6;
    for (let k = 0; k < 12; k++) sum += next();
    x[i] = next() < gap ? NaN : sum;
    codes[i] = next() < share ? 0 : 1;
  }
  const columns: Column[] = [
    { kind: "number", name: "x", type: "double", values: x },
    { kind: "string", name: "c", type: "string", codes, dictionary: ["a", "b"] },
  ];
  const profile = new DatasetProfile();
  profile.add({ rows, columns, file: "", firstRow: 0 });
  return statisticsOf(profile);
}

Deno.test("driftOf() is quiet over a hundred days of the same data, and names what moved", () => {
  const training = day(1, { rows: 20_000 });
  for (let seed = 2; seed < 102; seed++) {
    const drift = driftOf(training, day(seed, { rows: 900 }));
    assert.deepEqual(drift.filter(({ drifted }) => drifted), [], `day ${seed}`);
  }
  const moved = (options: Parameters<typeof day>[1]) =>
    driftOf(training, day(7, options)).filter(({ drifted }) => drifted).map(({ name }) => name);
  assert.deepEqual(moved({ shift: 0.8 }), ["x"]);
  assert.deepEqual(moved({ share: 0.95 }), ["c"]);
  assert.deepEqual(moved({ gap: 0.3 }), ["x"]);
  assert.match(
    driftOf(training, day(7, { gap: 0.3 })).find(({ drifted }) => drifted)!.description,
    /missing instead of 0\.0 %/,
  );
});
