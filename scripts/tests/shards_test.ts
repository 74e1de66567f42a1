import assert from "node:assert/strict";
import { AREAS } from "./areas.ts";
import { inShard, parseShard } from "./shards.ts";

Deno.test("the shards together are all areas, each once", () => {
  for (const count of [1, 2, 5, 40]) {
    const shards = Array.from(
      { length: count },
      (_, i) => inShard(AREAS, parseShard(`${i + 1}/${count}`)),
    );
    assert.deepEqual(
      shards.flat().map(({ name }) => name).sort(),
      AREAS.map(({ name }) => name).sort(),
    );
  }
});

Deno.test("parseShard() refuses what is no part", () => {
  for (const text of ["0/5", "6/5", "1/0", "1", "a/b", "-1/5"]) {
    assert.throws(() => parseShard(text), /like 2\/5/);
  }
});
