import assert from "node:assert/strict";
import { murmur2, partitionOf } from "./murmur2.ts";

// org.apache.kafka.common.utils.UtilsTest.testMurmur2 of Kafka 4.3.1
const JAVA = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
] as const;

Deno.test("murmur2() is Java's", () => {
  for (const [key, hash] of JAVA) assert.equal(murmur2(new TextEncoder().encode(key)), hash, key);
});

Deno.test("partitionOf() looks at the key's own bytes only", () => {
  const buffer = new TextEncoder().encode("abcXYZ");
  assert.equal(murmur2(buffer, 0, 3), 479470107);
  assert.equal(partitionOf(buffer, 0, 3, 6), 479470107 % 6);
  const inside = new TextEncoder().encode("abc21def");
  assert.equal(partitionOf(inside, 3, 5, 6), (-973932308 & 0x7fffffff) % 6);
});
