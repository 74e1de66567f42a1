import assert from "node:assert/strict";
import fc from "fast-check";
import { parseExecutionArn, resumeToken, slotText, startToken } from "./names.ts";

const slots = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
const names = fc.string({ unit: fc.constantFrom("a", "b", "-", "7"), maxLength: 200 });

Deno.test("a token is as long as AWS asks for, and the same for the same slot and run", () => {
  fc.assert(fc.property(names, slots, names, (pipeline, slot, run) => {
    const token = startToken(pipeline, slot, run);
    assert.ok(token.length >= 32 && token.length <= 128);
    assert.equal(token, startToken(pipeline, new Date(slot), run));
    const resumed = resumeToken(pipeline, run, 1);
    assert.ok(resumed.length >= 32 && resumed.length <= 128);
  }));
});

Deno.test("a slot's token is the one that EventBridge makes of the scheduled time", () => {
  const slot = new Date("2026-11-23T02:00:00.400Z");
  const pipeline = "ml-platform-staging-training";
  assert.equal(slotText(slot), "2026-11-23T02:00:00Z");
  assert.equal(startToken(pipeline, slot, slotText(slot)), `${pipeline}-2026-11-23T02:00:00Z`);
  assert.notEqual(startToken(pipeline, slot, "r2"), startToken(pipeline, slot, "r3"));
});

Deno.test("parseExecutionArn() takes an ARN of any partition apart, and nothing else", () => {
  const arn = "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:pipeline/p-q/execution/ab12";
  assert.deepEqual(parseExecutionArn(arn), {
    arn,
    region: "us-gov-west-1",
    pipeline: "p-q",
    id: "ab12",
  });
  assert.equal(parseExecutionArn("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p"), undefined);
  assert.equal(parseExecutionArn("training"), undefined);
});
