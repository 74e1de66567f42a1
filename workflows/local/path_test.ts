import assert from "node:assert/strict";
import fc from "fast-check";
import { lookUp, parsePath, type Part } from "./path.ts";

Deno.test("parsePath() and lookUp() find what SageMaker's paths mean", () => {
  const json = {
    ProcessingOutputConfig: {
      Outputs: [
        { OutputName: "a", S3Output: { S3Uri: "s3://b/a" } },
        { OutputName: "report", S3Output: { S3Uri: "s3://b/r" } },
      ],
    },
    reasons: ["first", "second"],
    metrics: { "f1.macro": 0.5 },
  };
  const at = (path: string) => lookUp(json, parsePath(path) ?? []);
  assert.equal(at("ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri"), "s3://b/r");
  assert.equal(at("reasons[1]"), "second");
  assert.equal(at("$.metrics['f1.macro']"), 0.5);
  assert.equal(at('metrics["f1.macro"]'), 0.5);
  assert.equal(at("reasons[2]"), undefined);
  assert.equal(at("metrics.constructor"), undefined);
  for (const wrong of ["", "a[", "a['b]", "a[-1]", "a b"]) {
    assert.equal(parsePath(wrong), undefined, wrong);
  }
});

Deno.test("parsePath() reads back any path that is written in brackets", () => {
  const part = fc.oneof(
    fc.nat({ max: 999_999_999 }),
    fc.string({ minLength: 1 }).filter((text) => !/['"]/.test(text)),
  );
  fc.assert(fc.property(fc.array(part, { minLength: 1 }), (parts: Part[]) => {
    const path = parts.map((each) => typeof each === "number" ? `[${each}]` : `['${each}']`);
    assert.deepEqual(parsePath(path.join("")), parts);
  }));
});
