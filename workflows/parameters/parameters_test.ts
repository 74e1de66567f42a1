import assert from "node:assert/strict";
import {
  checkParameters,
  declaredParameters,
  parseAssignments,
  settleParameters,
} from "./parameters.ts";

const declared = declaredParameters({
  Parameters: [
    { Name: "RunId", Type: "String" },
    { Name: "Trees", Type: "Integer", DefaultValue: 100 },
    { Name: "Least", Type: "Float", DefaultValue: 0.5 },
    { Name: "Mode", Type: "String", DefaultValue: "warn", EnumValues: ["warn", "fail"] },
    { Name: "Spot", Type: "Boolean", DefaultValue: true },
  ],
});

Deno.test("checkParameters() takes what SageMaker takes", () => {
  checkParameters(declared, { RunId: "r" });
  checkParameters(declared, {
    RunId: "r",
    Trees: "-3",
    Least: "1e-3",
    Mode: "fail",
    Spot: "false",
  });
});

Deno.test("checkParameters() names everything that SageMaker would refuse at once", () => {
  const wrong = { Tree: "1", Trees: "1.5", Least: "much", Mode: "off", Spot: "yes" };
  assert.throws(() => checkParameters(declared, wrong), (error: Error) => {
    for (
      const part of [
        "there is no parameter Tree, did you mean Trees?",
        "RunId has no default and needs a value",
        'Trees is "1.5", but it must be a whole number',
        'Least is "much", but it must be a number',
        'Mode is "off", but it must be one of warn, fail',
        'Spot is "yes", but it must be true or false',
      ]
    ) assert.ok(error.message.includes(part), part);
    return true;
  });
  assert.throws(() => checkParameters(declared, { RunId: "" }), /refuses empty values/);
});

Deno.test("parseAssignments() leaves everything after the first = as it is", () => {
  assert.deepEqual(parseAssignments(["InputPartition=day={yyyy}"]), {
    InputPartition: "day={yyyy}",
  });
  assert.throws(() => parseAssignments(["Trees"]), /is not like Name=Value/);
});

Deno.test("declaredParameters() refuses what is no definition", () => {
  assert.throws(() => declaredParameters({ Parameters: [{ Name: 1 }] }), /Deploy the definition/);
});

Deno.test("settleParameters() takes what is given in the declared type, and else the defaults", () => {
  const settled = settleParameters([
    { Name: "Uri", Type: "String" },
    { Name: "Trees", Type: "Integer", DefaultValue: 100 },
    { Name: "Rate", Type: "Float", DefaultValue: 0.5 },
    { Name: "Fast", Type: "Boolean", DefaultValue: false },
  ], parseAssignments(["Uri=s3://b/p?x=1", "Trees=5", "Fast=True"]));
  assert.deepEqual(settled, { Uri: "s3://b/p?x=1", Trees: 5, Rate: 0.5, Fast: true });
  assert.throws(
    () => settleParameters([{ Name: "Uri", Type: "String", DefaultValue: "" }], {}),
    /Uri has an empty default/,
  );
});
