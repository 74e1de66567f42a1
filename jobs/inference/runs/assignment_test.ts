import assert from "node:assert/strict";
import fc from "fast-check";
import { assignInputs } from "./assignment.ts";

const rows = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 60 });
const shards = fc.integer({ min: 1, max: 20 });

Deno.test("assignInputs() gives each input to one shard, in order, the same way every time", () => {
  fc.assert(fc.property(rows, shards, (rows, shards) => {
    const assigned = assignInputs(rows, shards);
    assert.equal(assigned.length, shards);
    assert.deepEqual(assigned.flat().toSorted((a, b) => a - b), rows.map((_, index) => index));
    for (const inputs of assigned) assert.deepEqual(inputs, inputs.toSorted((a, b) => a - b));
    assert.deepEqual(assignInputs(rows, shards), assigned);
  }));
});

Deno.test("assignInputs() leaves no shard with more than the least one and its own last input", () => {
  fc.assert(fc.property(rows, shards, (rows, shards) => {
    const loads = assignInputs(rows, shards).map((inputs) => inputs.map((index) => rows[index]!));
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
    const least = Math.min(...loads.map(sum));
    for (const load of loads) {
      if (load.length > 0) assert.ok(sum(load) - Math.min(...load) <= least);
    }
  }));
});
