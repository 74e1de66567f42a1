import assert from "node:assert/strict";
import { drawSample } from "./bootstrap.ts";

Deno.test("drawSample() draws each row Poisson(1) times", () => {
  const rows = 200_000;
  const { weights, rows: drawn } = drawSample(rows, 42);
  let expected = rows / Math.E;
  for (let times = 0; times <= 5; times++) {
    const found = weights.filter((weight) => weight === times).length;
    const deviation = Math.sqrt(expected * (1 - expected / rows));
    assert.ok(Math.abs(found - expected) < 4 * deviation, `${times} times: ${found} rows`);
    expected /= times + 1;
  }
  assert.deepEqual([...drawn], [...weights.keys()].filter((row) => weights[row]! > 0));
});

Deno.test("drawSample() of a tree says nothing about that of another", () => {
  const rows = 100_000;
  const [a, b] = [drawSample(rows, 1).weights, drawSample(rows, 2).weights];
  const covariance = a.reduce((sum, weight, row) => sum + (weight - 1) * (b[row]! - 1), 0) / rows;
  assert.ok(Math.abs(covariance) < 4 / Math.sqrt(rows), `${covariance}`);
});

Deno.test("drawSample() multiplies by the rows' own weights and never gives an empty sample", () => {
  const own = Float64Array.of(3, 0, 5, 0);
  for (let seed = 0; seed < 100; seed++) {
    const { rows, weights } = drawSample(4, seed, own);
    assert.ok(rows.length > 0 && rows.every((row) => own[row]! > 0));
    assert.ok(weights.every((weight, row) => weight % (own[row] || 1) === 0));
  }
});
