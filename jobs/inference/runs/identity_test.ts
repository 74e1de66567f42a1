import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../lib/errors.ts";
import { identifyRun, parseShards } from "./identity.ts";

const NOW = new Date("2013-10-02T06:00:00.789Z");
const NOTHING = { runId: undefined, scheduledTime: undefined, shard: undefined };

Deno.test("identifyRun() names a run by its id, by its slot, by now to the second", () => {
  const scheduledTime = new Date("2013-10-01T06:00:00Z");
  assert.equal(identifyRun({ ...NOTHING, runId: "a", scheduledTime }, undefined, NOW).id, "a");
  assert.equal(
    identifyRun({ ...NOTHING, scheduledTime }, undefined, NOW).id,
    "2013-10-01T06:00:00Z",
  );
  assert.deepEqual(identifyRun(NOTHING, undefined, NOW), {
    id: "2013-10-02T06:00:00Z",
    slot: new Date("2013-10-02T06:00:00Z"),
    shards: { own: [0], count: 1 },
  });
});

Deno.test("identifyRun() gives each host its own shard, however hosts are listed", () => {
  const all = ["algo-1", "algo-10", "algo-2"];
  const own = all.map((current) =>
    identifyRun({ ...NOTHING, runId: "a" }, { current, all }, NOW).shards
  );
  assert.deepEqual(own.map((shards) => shards.own), [[0], [1], [2]]);
  const shard = parseShards("0,1,2/4");
  assert.deepEqual(
    identifyRun({ ...NOTHING, runId: "a", shard }, { current: "algo-2", all }, NOW).shards,
    shard,
  );
});

Deno.test("identifyRun() refuses to name a run by each host's own clock", () => {
  const hosts = { current: "algo-1", all: ["algo-1", "algo-2"] };
  assert.throws(
    () => identifyRun(NOTHING, hosts, NOW),
    (error) => error instanceof UsageError && error.code === "run.unnamed",
  );
});

Deno.test("parseShards() reads what it is given and nothing else", () => {
  const given = fc.integer({ min: 1, max: 1000 }).chain((count) =>
    fc.tuple(
      fc.uniqueArray(fc.nat({ max: count - 1 }), { minLength: 1, maxLength: 20 }),
      fc.constant(count),
    )
  );
  fc.assert(fc.property(given, ([own, count]) => {
    const sorted = own.toSorted((a, b) => a - b);
    assert.deepEqual(parseShards(`${own.join(",")}/${count}`), { own: sorted, count });
    assert.throws(() => parseShards(`${own.join(",")},${count}/${count}`));
  }));
  for (const wrong of ["", "0", "/2", "0/", "0/0", "1/1", "0;1/2", "-1/2", "0/1001", "0.5/2"]) {
    assert.throws(() => parseShards(wrong), wrong);
  }
});
