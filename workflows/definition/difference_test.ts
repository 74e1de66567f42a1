import assert from "node:assert/strict";
import { definitionTemplate, withExamples } from "../synthesis.ts";
import { compareDefinitions, differenceText, inferValues, renderTemplate } from "./mod.ts";

const template = definitionTemplate("training");
const render = (values = {}) => JSON.parse(renderTemplate(template, withExamples(values)));

Deno.test("compareDefinitions() finds no difference in another order of keys", () => {
  const reversed = (json: unknown): unknown => {
    if (Array.isArray(json)) return json.map(reversed);
    if (typeof json !== "object" || json === null) return json;
    return Object.fromEntries(Object.entries(json).reverse().map(([k, v]) => [k, reversed(v)]));
  };
  assert.deepEqual(compareDefinitions(render(), reversed(render())), []);
});

Deno.test("compareDefinitions() says what changed, by step", () => {
  const before = render();
  const after = render({ training_stopping_condition: { MaxRuntimeInSeconds: 60 } });
  after.Parameters.pop();
  after.Steps[0].Name = "Quality";
  after.Steps[3].Arguments.IfSteps[0].Arguments.Environment.ML_APPROVAL = "manual";
  assert.equal(
    differenceText(compareDefinitions(before, after)),
    [
      "~ Parameters",
      '    - VolumeSizeInGB: {"Name":"VolumeSizeInGB","Type":"Integer","DefaultValue":50}',
      "- DataQuality",
      "~ Train",
      "    ~ Arguments.StoppingCondition.MaxRuntimeInSeconds: 14400 → 60",
      "    - Arguments.StoppingCondition.MaxWaitTimeInSeconds: 28800",
      "~ Register",
      '    ~ Arguments.Environment.ML_APPROVAL: {"Get":"Parameters.Approval"} → "manual"',
      "+ Quality",
    ].join("\n"),
  );
});

Deno.test("inferValues() reads an environment's values off its definition", () => {
  const values = withExamples({ n_estimators: 300, artifact_bucket: "other", subnet_ids: ["a"] });
  const text = renderTemplate(template, values);
  const inferred = inferValues(template, JSON.parse(text));
  assert.equal(renderTemplate(template, inferred), text);
});

Deno.test("inferValues() reads them also off a definition that has changed", () => {
  const values = withExamples({ n_estimators: 300, artifact_bucket: "other" });
  const older = JSON.parse(renderTemplate(template, values));
  older.Steps.splice(0, 1);
  older.Parameters.splice(0, 1);
  older.Parameters.push({ Name: "Gone", Type: "String", DefaultValue: "x" });
  const inferred = inferValues(template, older);
  assert.equal(inferred["n_estimators"], 300);
  assert.equal(inferred["artifact_bucket"], "other");
});
