import assert from "node:assert/strict";
import { UsageError } from "../lib/errors.ts";
import { inputPlace } from "./input.ts";
import { parsePartition } from "./runs/partition.ts";

const NOTHING = { data: undefined, inputUri: undefined, inputPartition: undefined };
const SLOT = new Date("2013-10-01T06:00:00Z");

Deno.test("inputPlace() takes days below --input-uri, and all of --data unless told", () => {
  assert.deepEqual(inputPlace({ ...NOTHING, data: "d" }), { data: "d", partition: undefined });
  const days = inputPlace({ ...NOTHING, inputUri: "s3://b/p" });
  assert.equal(days.data, "s3://b/p");
  assert.equal(days.partition?.(SLOT), "day=2013-10-01");
  const inputPartition = parsePartition("{yyyy}");
  assert.equal(inputPlace({ ...NOTHING, inputUri: "d", inputPartition }).partition?.(SLOT), "2013");
});

Deno.test("inputPlace() takes exactly one of both", () => {
  assert.throws(() => inputPlace(NOTHING), UsageError);
  assert.throws(() => inputPlace({ ...NOTHING, data: "d", inputUri: "d" }), UsageError);
});
