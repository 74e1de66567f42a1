import assert from "node:assert/strict";
import { DataError, UsageError } from "../../jobs/lib/errors.ts";
import { allHold } from "./conditions.ts";
import { referredSteps, resolveValue, type Scope } from "./functions.ts";

const SCOPE: Scope = {
  parameters: { Trees: 100, Uri: "s3://b/p", Fast: true },
  execution: { PipelineExecutionId: "abc" },
  properties: (step) =>
    step === "Train" ? { ModelArtifacts: { S3ModelArtifacts: "s3://b/m.tar.gz" } } : undefined,
  propertyFile: (step, file) =>
    Promise.resolve(step === "Evaluate" && file === "E" ? { gate: { passed: false } } : undefined),
  readJson: (uri) => Promise.resolve({ uri }),
};
const resolve = (value: unknown) => resolveValue(value, SCOPE, "x");
const PASSED = {
  "Std:JsonGet": {
    PropertyFile: { Get: "Steps.Evaluate.PropertyFiles.E" },
    Path: "gate.passed",
  },
};

Deno.test("resolveValue() replaces functions wherever they stand and keeps the rest", async () => {
  assert.deepEqual(
    await resolve({
      count: { Get: "Parameters.Trees" },
      list: [{ "Std:Join": { On: "/", Values: [{ Get: "Parameters.Uri" }, "x", 1, true] } }, null],
      model: { Get: "Steps.Train.ModelArtifacts.S3ModelArtifacts" },
      Get: "Parameters.Trees",
    }),
    {
      count: 100,
      list: ["s3://b/p/x/1/true", null],
      model: "s3://b/m.tar.gz",
      Get: "Parameters.Trees",
    },
  );
  assert.equal(await resolve(PASSED), false);
  const uri = { "Std:Join": { Values: [{ Get: "Execution.PipelineExecutionId" }] } };
  assert.equal(await resolve({ "Std:JsonGet": { S3Uri: uri, Path: "uri" } }), "abc");
});

Deno.test("resolveValue() names what it cannot find", async () => {
  for (const wrong of ["Parameters.Tree", "Steps.Train.Nothing", "Steps.Other.A", "Nothing", 1]) {
    await assert.rejects(resolve([{ a: { Get: wrong } }]), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /x\[0\]\.a/);
      assert.ok(error.message.includes(JSON.stringify(wrong)));
      return true;
    });
  }
  const path = { ...PASSED["Std:JsonGet"], Path: "gate.reasons[0]" };
  await assert.rejects(resolve({ "Std:JsonGet": path }), DataError);
  await assert.rejects(resolve({ "Std:Join": { Values: [{ a: 1 }] } }), UsageError);
});

Deno.test("referredSteps() finds every step that a value takes from", () => {
  const value = [PASSED, { "Std:Join": { Values: [{ Get: "Steps.Train-2.X" }] } }];
  assert.deepEqual(referredSteps(value), new Set(["Evaluate", "Train-2"]));
});

Deno.test("allHold() decides every kind of condition", async () => {
  const trees = { Get: "Parameters.Trees" };
  const compare = (Type: string, RightValue: unknown) => ({ Type, LeftValue: trees, RightValue });
  const holds = (...conditions: unknown[]) => allHold(conditions, SCOPE, "c");
  const expected: [unknown, boolean][] = [
    [compare("Equals", 100), true],
    [compare("Equals", "100"), false],
    [compare("GreaterThan", 100), false],
    [compare("GreaterThanOrEqualTo", 100), true],
    [compare("LessThan", 100.5), true],
    [compare("LessThanOrEqualTo", 99), false],
    [{ Type: "In", QueryValue: trees, Values: [1, 100] }, true],
    [{ Type: "Not", Expression: compare("Equals", 100) }, false],
    [{ Type: "Or", Conditions: [compare("LessThan", 1), compare("Equals", 100)] }, true],
    [{ Type: "Equals", LeftValue: PASSED, RightValue: true }, false],
  ];
  for (const [condition, outcome] of expected) {
    assert.equal(await holds(condition), outcome, JSON.stringify(condition));
  }
  assert.equal(await holds(compare("Equals", 100), compare("LessThan", 1)), false);
  assert.equal(await holds(), true);
  await assert.rejects(holds(compare("GreaterThan", "1")), UsageError);
  await assert.rejects(holds(compare("Like", 1)), UsageError);
});
