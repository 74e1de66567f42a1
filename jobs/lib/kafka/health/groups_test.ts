import assert from "node:assert/strict";
import { type Group, roleOf } from "./groups.ts";
import { lagOf } from "./lag.ts";
import { runsOf } from "./run_progress.ts";

const PROGRESS = { manifest: "m", gen: 2, owner: "o", accepted: 9, dead: 1, done: false };

Deno.test("roleOf() takes a group for progress only if name and metadata say so", () => {
  const progress = JSON.stringify(PROGRESS);
  const kind = (name: string, metadata: string, topic = "t") =>
    roleOf("t", group(name, [[topic, 0, 10, metadata]])).kind;
  assert.equal(kind("prod.inference.2013-10-01.0", progress), "shard");
  assert.equal(kind("prod.inference.2013-10-01.r2.11", progress), "shard");
  assert.equal(kind("prod.inference.day.complete", "{}", "t.runs"), "completion");
  assert.equal(kind("prod.inference.2013-10-01.0", ""), "consumer");
  assert.equal(kind("prod.inference.2013-10-01.0", '{"accepted": -1}'), "consumer");
  assert.equal(kind("dashboards", progress), "consumer");
  assert.equal(kind("prod.inference.day.complete", "", "t.runs"), "consumer");
  assert.equal(kind("prod.inference.day.0", progress, "other"), "consumer");
});

Deno.test("lagOf() sums partitions with an offset, by topic, and leaves progress out", () => {
  const ends = new Map([
    ["t", new Map([[0, 100], [1, 50], [2, 7]])],
    ["t.runs", new Map([[0, 3]])],
  ]);
  const groups = [
    group("b", [["t", 0, 90, ""], ["t", 1, 50, ""], ["t.runs", 0, 1, ""], ["else", 0, 0, ""]]),
    group("a", [["t", 1, 60, ""], ["t", 2, -1, ""]]),
    group("prod.inference.day.0", [["t", 0, 10, JSON.stringify(PROGRESS)]]),
  ];
  assert.deepEqual(lagOf("t", groups, ends), [
    { group: "a", topic: "t", state: "Stable", partitions: 1, lag: 0 },
    { group: "b", topic: "t", state: "Stable", partitions: 2, lag: 10 },
    { group: "b", topic: "t.runs", state: "Stable", partitions: 1, lag: 2 },
  ]);
});

Deno.test("runsOf() sums shards and puts what goes on first", () => {
  const shard = (name: string, row: number, more: Partial<typeof PROGRESS> = {}) =>
    group(name, [["t", 0, row, JSON.stringify({ ...PROGRESS, ...more })]]);
  const before = { groups: [shard("e.p.new.0", 4)], seconds: 2 };
  const now = [
    shard("e.p.old.0", 10, { done: true }),
    group("e.p.old.complete", [["t.runs", 0, 1, "{}"]]),
    shard("e.p.new.0", 10),
    shard("e.p.new.1", 20, { accepted: 20, dead: 0, done: true }),
  ];
  assert.deepEqual(runsOf("t", now, before), [
    {
      run: "e.p.new",
      rows: 30,
      rows_per_second: 13,
      accepted: 29,
      dead: 1,
      shards: 2,
      shards_done: 1,
      complete: false,
    },
    {
      run: "e.p.old",
      rows: 10,
      rows_per_second: 5,
      accepted: 9,
      dead: 1,
      shards: 1,
      shards_done: 1,
      complete: true,
    },
  ]);
});

function group(
  name: string,
  offsets: readonly [topic: string, partition: number, offset: number, metadata: string][],
): Group {
  const committed = new Map<string, Map<number, { offset: number; metadata: string }>>();
  for (const [topic, partition, offset, metadata] of offsets) {
    const partitions = committed.get(topic) ?? new Map();
    committed.set(topic, partitions.set(partition, { offset, metadata }));
  }
  return { group: name, state: "Stable", committed };
}
