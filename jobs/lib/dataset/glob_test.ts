import assert from "node:assert/strict";
import { parseGlob } from "./glob.ts";

Deno.test("parseGlob() begins at the first wildcard", () => {
  assert.equal(parseGlob("s3://bucket/data/x.parquet"), undefined);
  const { root, start } = parseGlob("s3://bucket/data/2013-*/x.parquet") ?? {};
  assert.deepEqual([root, start], ["s3://bucket/data/", "2013-"]);
  assert.equal(parseGlob("*.csv")?.root, "");
  assert.equal(parseGlob("/data/day=2013-10-0?")?.root, "/data/");
});

Deno.test("parseGlob() means files, and whole folders", () => {
  const cases: [pattern: string, below: string, meant: boolean][] = [
    ["d/*.parquet", "a.parquet", true],
    ["d/*.parquet", "a.parquet.bak", false],
    ["d/*.parquet", "b/a.parquet", false],
    ["d/*/x.parquet", "2013-01/x.parquet", true],
    ["d/*/x.parquet", "2013-01/y.parquet", false],
    ["d/day=2013-10-*", "day=2013-10-01/part/x.parquet", true],
    ["d/day=2013-10-*", "day=2013-11-01/x.parquet", false],
    ["d/?.csv", "ä.csv", true],
    ["d/**/x.csv", "x.csv", true],
    ["d/**/x.csv", "a/b/x.csv", true],
    ["d/**/x.csv", "a/b/y.csv", false],
    ["d/a+(b).*", "a+(b).csv", true],
  ];
  for (const [pattern, below, meant] of cases) {
    assert.equal(
      parseGlob(pattern)?.matches(below) ?? pattern === `d/${below}`,
      meant,
      `${pattern} ${below}`,
    );
  }
});

Deno.test("parseGlob() knows which folders need not be looked into", () => {
  const glob = parseGlob("d/day=2013-10-*/*/x.csv");
  assert.equal(glob?.mayHold("day=2013-10-01"), true);
  assert.equal(glob?.mayHold("day=2013-11-01"), false);
  assert.equal(glob?.mayHold("day=2013-10-01/a/b"), false);
});
