import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePartition, partitionOf } from "./partition.ts";

Deno.test("partitionOf() is the UTC day of the slot, so many days earlier", () => {
  const day = parsePartition("day={yyyy}-{MM}-{dd}");
  const of = (time: string, lag: number) => partitionOf("in/flights/", day, new Date(time), lag);
  assert.equal(of("2013-10-02T06:00:00Z", 1), "in/flights/day=2013-10-01");
  assert.equal(of("2013-10-02T01:30:00+02:00", 0), "in/flights/day=2013-10-01");
  assert.equal(of("2012-03-01T00:00:00Z", 1), "in/flights/day=2012-02-29");
  const hour = parsePartition("year={yyyy}/month={MM}/{dd}.{HH}");
  assert.equal(
    partitionOf("s3://b/p", hour, new Date("2013-01-01T05:59:59Z"), 1),
    "s3://b/p/year=2012/month=12/31.05",
  );
  assert.equal(partitionOf("in/", undefined, new Date(), 1), "in/");
});

Deno.test("partitionOf() names every day once", () => {
  const day = parsePartition("{yyyy}{MM}{dd}");
  const start = Date.UTC(1999, 11, 1);
  fc.assert(fc.property(fc.nat({ max: 20_000 }), fc.nat({ max: 86_399 }), (days, seconds) => {
    const slot = new Date(start + days * 86_400_000 + seconds * 1000);
    const folder = partitionOf("d", day, slot, 0);
    const [, y, m, d] = /^d\/(\d{4})(\d\d)(\d\d)$/.exec(folder)!.map(Number);
    assert.equal(Date.UTC(y!, m! - 1, d), start + days * 86_400_000);
    assert.equal(partitionOf("d", day, new Date(slot.getTime() + 86_400_000), 1), folder);
  }));
});

Deno.test("parsePartition() takes no template that leads elsewhere or never changes", () => {
  for (
    const wrong of ["", "day", "{day}", "{yyyy", "{}", "/{yyyy}", "{yyyy}/", "../{dd}", "{dd}//a"]
  ) {
    assert.throws(() => parsePartition(wrong), wrong);
  }
});
