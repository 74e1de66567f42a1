/** `train` and `score`: started by hand with what somebody wrote into the form, or by the clock. */
import assert from "node:assert/strict";
import { deployed } from "../executions/stories.ts";
import { act, actTest } from "./act.ts";
import { checkoutOf } from "./repository.ts";

actTest("train and score start what the form says, as the role that may run", async () => {
  await using checkout = await checkoutOf();
  await using aws = deployed();
  aws.onStart = ({ script }) => void script.push((one) => one.status = "Succeeded");
  const env = { AWS_ENDPOINT_URL: aws.env.AWS_ENDPOINT_URL ?? "" };
  const train = await act(checkout, {
    workflow: "train",
    inputs: { "environment": "staging", "n-estimators": "7", "input-uri": "s3://bucket/data" },
    env,
  });
  assert.equal(train.code, 0, train.log);
  assert.deepEqual(train.asked, ["setup-deno", "role run"]);
  assert.match(train.log, /Summary - ### ml-platform-staging-training: ✅ Succeeded/);
  const score = await act(checkout, {
    workflow: "score",
    inputs: { "environment": "staging", "run-id": "r.2", "input-partition": "day=2013-10-01" },
    env,
  });
  assert.equal(score.code, 0, score.log);
  const [trained, scored] = aws.executions.map(({ pipeline, parameters }) => [
    pipeline,
    Object.fromEntries(parameters.map(({ Name, Value }) => [Name, Value])),
  ]);
  assert.equal(trained?.[0], "ml-platform-staging-training");
  assert.deepEqual(pick(trained?.[1], "NEstimators", "MaxDepth", "InputUri"), {
    NEstimators: "7",
    MaxDepth: undefined,
    InputUri: "s3://bucket/data",
  });
  assert.equal(scored?.[0], "ml-platform-staging-inference");
  assert.deepEqual(pick(scored?.[1], "RunId", "InputPartition"), {
    RunId: "r.2",
    InputPartition: "day=2013-10-01",
  });
});

actTest("an execution that fails fails the workflow, and the summary says why", async () => {
  await using checkout = await checkoutOf();
  await using aws = deployed();
  aws.onStart = ({ script }) =>
    void script.push((one) => {
      one.status = "Failed";
      one.reason = "step Train failed";
    });
  const done = await act(checkout, {
    workflow: "train",
    inputs: { environment: "staging" },
    env: { AWS_ENDPOINT_URL: aws.env.AWS_ENDPOINT_URL ?? "" },
  });
  assert.notEqual(done.code, 0);
  assert.deepEqual(done.failed, ["train/pipeline"]);
  assert.match(
    done.log,
    /Summary - ### ml-platform-staging-training: ❌ Failed[^]*step Train failed/,
  );
});

actTest(
  "the clock starts nothing until it is told to, and then the slot of the schedule",
  async () => {
    await using checkout = await checkoutOf();
    await using aws = deployed();
    aws.onStart = ({ script }) => void script.push((one) => one.status = "Succeeded");
    const clock = (variables: Record<string, string>) =>
      act(checkout, {
        workflow: "train",
        event: "schedule",
        env: { AWS_ENDPOINT_URL: aws.env.AWS_ENDPOINT_URL ?? "" },
        variables,
      });
    const off = await clock({});
    assert.equal(off.code, 0, off.log);
    assert.equal(aws.executions.length, 0);
    const on = { SCHEDULE: "on", SCHEDULE_ENVIRONMENT: "staging" };
    for (const { code, log } of [await clock(on), await clock(on)]) assert.equal(code, 0, log);
    const tokens = aws.inputs("StartPipelineExecution").map((input) => input["ClientRequestToken"]);
    assert.match(`${tokens[0]}`, /^ml-platform-staging-training-\d{4}-\d\d-\d\dT02:00:00Z$/);
    assert.equal(tokens[1], tokens[0]);
    assert.equal(aws.executions.length, 1, "one slot was started twice");
  },
);

function pick(
  from: unknown,
  ...names: readonly string[]
): Record<string, string | undefined> {
  const all = from as Record<string, string>;
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
