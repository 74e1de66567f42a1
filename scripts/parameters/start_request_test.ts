import assert from "node:assert/strict";
import { UsageError } from "../../jobs/lib/errors.ts";
import { type StartQuestion, startRequest } from "./start_request.ts";

const TEMPLATE = `{
  "Version": "2020-12-01",
  "Parameters": [
    { "Name": "InputUri", "Type": "String", "DefaultValue": "s3://\${data_bucket}/in" },
    { "Name": "RunId", "Type": "String" },
    { "Name": "ScheduledTime", "Type": "String" },
    { "Name": "ModelUri", "Type": "String", "DefaultValue": "models:/\${model_name}@champion" },
    { "Name": "NEstimators", "Type": "Integer", "DefaultValue": \${n_estimators} },
    { "Name": "Approval", "Type": "String", "DefaultValue": "\${approval}" },
    { "Name": "Seed", "Type": "Integer", "DefaultValue": 42 }
  ]
}`;
const QUESTION: StartQuestion = {
  type: "training",
  environment: "prod",
  variables: {
    training_hyperparameters: { model_name: "m", n_estimators: "100" },
    training_approval: "manual",
  },
  template: TEMPLATE,
  slot: new Date("2026-11-23T02:00:00.500Z"),
  given: { Seed: "7" },
};
const values = (question: StartQuestion) =>
  Object.fromEntries(
    startRequest(question).PipelineParameters.map(({ Name, Value }) => [Name, Value]),
  );

Deno.test("startRequest() takes the environment's values, and leaves to AWS what only AWS knows", () => {
  assert.deepEqual(values(QUESTION), {
    RunId: "2026-11-23T02:00:00Z",
    ScheduledTime: "2026-11-23T02:00:00Z",
    ModelUri: "models:/m@champion",
    NEstimators: "100",
    Approval: "manual",
    Seed: "7",
  });
});

Deno.test("startRequest() gives one slot one token, long enough for AWS, and another run another", () => {
  const { PipelineName, ClientRequestToken: token } = startRequest(QUESTION);
  assert.equal(PipelineName, "ml-platform-prod-training");
  assert.equal(token, "ml-platform-prod-training-2026-11-23T02:00:00Z");
  assert.ok(token.length >= 32 && token.length <= 128);
  const again = startRequest({ ...QUESTION, slot: new Date("2026-11-23T02:00:00Z") });
  assert.equal(again.ClientRequestToken, token);
  const other = startRequest({ ...QUESTION, given: { RunId: "2026-11-23.r2" } });
  assert.notEqual(other.ClientRequestToken, token);
});

Deno.test("startRequest() refuses what the definition would", () => {
  for (const given of [{ Nope: "1" }, { Seed: "1.5" }, { Approval: "" }]) {
    assert.throws(() => startRequest({ ...QUESTION, given }), UsageError);
  }
});
