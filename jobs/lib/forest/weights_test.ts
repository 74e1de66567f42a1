import assert from "node:assert/strict";
import { rowWeights } from "./weights.ts";

const set = (labels: number[], weights?: number[]) => ({
  matrix: { rows: labels.length, columns: [], names: [] },
  labels: Int32Array.from(labels),
  classes: 3,
  ...(weights && { weights: Float32Array.from(weights) }),
});

Deno.test("rowWeights() is nothing for equal weights and keeps whole numbers", () => {
  assert.equal(rowWeights(set([0, 1, 1]), "none"), undefined);
  assert.equal(rowWeights(set([0, 1], [0.3, 0.3]), "none"), undefined);
  assert.deepEqual(rowWeights(set([0, 1, 2], [2, 0, 7]), "none"), Float64Array.of(2, 0, 7));
});

Deno.test("rowWeights() balanced lets every class that occurs weigh the same", () => {
  const labels = [0, 0, 0, 0, 0, 1, 1];
  const weights = rowWeights(set(labels), "balanced")!;
  const sum = (k: number) => weights.reduce((s, w, row) => labels[row] === k ? s + w : s, 0);
  assert.ok(weights.every(Number.isInteger));
  assert.ok(Math.abs(sum(0) / sum(1) - 1) < 1e-5, `${sum(0)} ${sum(1)}`);
});

Deno.test("rowWeights() keeps a tiny weight positive", () => {
  assert.deepEqual(rowWeights(set([0, 1], [1e-20, 0.5]), "none"), Float64Array.of(1, 2 ** 20));
});
