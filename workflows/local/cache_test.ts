import assert from "node:assert/strict";
import { UsageError } from "../../jobs/lib/errors.ts";
import { cacheKey, duration } from "./cache.ts";

const ARGUMENTS = {
  AppSpecification: { ImageUri: "i", ContainerArguments: ["a"] },
  Environment: { A: "1", B: "2" },
  ProcessingInputs: [{ InputName: "d", S3Input: { S3Uri: "s3://b/p" } }],
  ProcessingOutputConfig: { Outputs: [{ S3Output: { S3Uri: "s3://b/out/1" } }] },
  RoleArn: "r",
};

Deno.test("cacheKey() changes with what SageMaker compares, and with nothing else", () => {
  const key = cacheKey("Processing", ARGUMENTS);
  const same = {
    ...ARGUMENTS,
    Environment: { B: "2", A: "1" },
    ProcessingOutputConfig: { Outputs: [{ S3Output: { S3Uri: "s3://b/out/2" } }] },
    RoleArn: "s",
  };
  assert.equal(cacheKey("Processing", same), key);
  for (
    const change of [
      { AppSpecification: { ImageUri: "j", ContainerArguments: ["a"] } },
      { Environment: { A: "1" } },
      { ProcessingInputs: [] },
    ]
  ) assert.notEqual(cacheKey("Processing", { ...ARGUMENTS, ...change }), key);
  assert.equal(cacheKey("Fail", ARGUMENTS), undefined);
});

Deno.test("duration() reads ISO 8601", () => {
  assert.equal(duration("P30D"), 30 * 86_400_000);
  assert.equal(duration("PT1H30M"), 5_400_000);
  assert.equal(duration("p1w"), 7 * 86_400_000);
  assert.equal(duration("P1Y1M1DT1S"), ((365 + 30 + 1) * 86_400 + 1) * 1000);
  for (const wrong of ["", "P", "PT", "30d", "P30", "P1DT", "P-1D"]) {
    assert.throws(() => duration(wrong), UsageError, wrong);
  }
});
