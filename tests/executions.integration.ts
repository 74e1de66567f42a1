/**
 * Executions on SageMaker: started, followed, stopped, resumed, refused. Against moto where it has the
 * calls, against a double where it has not; the definitions against AWS's own models of its API.
 */
import assert from "node:assert/strict";
import "./executions/definitions.ts";
import { resultOf, type TaskResult } from "./job/task.ts";
import { type Execution, type Refusal } from "./executions/double.ts";
import {
  definition,
  deployed,
  failedScoring,
  INFERENCE,
  processingStep,
  step,
  succeed,
  TRAINING,
} from "./executions/stories.ts";
import { errorsOf, startJob } from "./runs/process.ts";

const SLOT = "2013-10-02T06:00:00Z";
const FAST = ["--poll-seconds=0.01"];

function pipeline(args: readonly string[], env: Record<string, string>): Promise<TaskResult> {
  return resultOf(startJob(args, env, "pipeline"));
}

const start = (env: Record<string, string>, ...more: string[]) =>
  pipeline(["start", "inference", "--environment=staging", ...more], env);

/** What a call's parameters were, by name. */
function parametersOf(input: Record<string, unknown> | undefined): Record<string, string> {
  const given = input?.["PipelineParameters"] as { Name: string; Value: string }[] ?? [];
  return Object.fromEntries(given.map(({ Name, Value }) => [Name, Value]));
}

Deno.test("start starts a slot once, under the token that EventBridge and GitHub use", async () => {
  await using aws = deployed();
  const first = await start(aws.env, `--scheduled-time=${SLOT}`, "--set=OnDrift=fail");
  const again = await start(aws.env, `--scheduled-time=${SLOT}`, "--set=OnDrift=fail");
  assert.equal(first.code, 0, first.log);
  assert.equal(again.summary["arn"], first.summary["arn"]);
  assert.equal(aws.executions.length, 1);
  const [call] = aws.inputs("StartPipelineExecution");
  assert.equal(call?.["ClientRequestToken"], `${INFERENCE}-${SLOT}`);
  assert.deepEqual(parametersOf(call), { RunId: SLOT, ScheduledTime: SLOT, OnDrift: "fail" });
});

Deno.test("start takes another run of a slot for another start", async () => {
  await using aws = deployed();
  await start(aws.env, `--scheduled-time=${SLOT}`);
  const args = [`--scheduled-time=${SLOT}`, "--run-id=2013-10-02.r2", `--set=Supersedes=${SLOT}`];
  const second = await start(aws.env, ...args);
  assert.equal(second.summary["run_id"], "2013-10-02.r2");
  assert.equal(aws.executions.length, 2);
});

Deno.test("start refuses wrong parameters before anything is started", async () => {
  await using aws = deployed();
  const wrong = ["Inputuri=s3://b/p", "InferenceInstanceCount=two", "OnDrift=ignore", "BatchSize="];
  const refused = await start(aws.env, ...wrong.map((one) => `--set=${one}`));
  assert.equal(refused.code, 2);
  assert.deepEqual(errorsOf(refused), ["pipeline.parameter-invalid"]);
  for (
    const part of [
      "did you mean InputUri",
      'InferenceInstanceCount is \\"two\\", but it must be a whole number',
      "it must be one of warn, fail",
      "SageMaker refuses empty values",
    ]
  ) assert.ok(refused.log.includes(part), `${part}: ${refused.log}`);
  assert.deepEqual(aws.inputs("StartPipelineExecution"), []);
});

Deno.test("start --wait says each change, over pages of steps, and what it cost", async () => {
  await using aws = deployed();
  aws.onStart = succeed(aws);
  const { code, summary, log } = await start(aws.env, "--wait", ...FAST, "--json");
  assert.equal(code, 0, log);
  const steps = summary["steps"] as { name: string }[];
  assert.deepEqual(steps.map(({ name }) => name), ["Check", "FitToScore", "Score", "Complete"]);
  for (const change of ["Check: Executing", "Check: Succeeded", "Score: Executing"]) {
    assert.ok(log.includes(change), change);
  }
  // 30 minutes on one, two and one machine.
  const costs = summary["costs"] as Record<string, unknown>;
  assert.deepEqual(costs["instanceHours"], { "ml.m5.large": 2 });
  assert.equal(costs["usd"], 0.23);
});

Deno.test("status shows why a step failed: the job's message, the end of its log, a link", async () => {
  await using aws = deployed();
  const { arn } = aws.add(INFERENCE, { status: "Failed", steps: failedScoring(aws) });
  const args = ["--tail=2", "--price=ml.m5.large=1"];
  const { code, summary, log } = await pipeline(["status", arn, ...args], aws.env);
  assert.equal(code, 0, log);
  const steps = summary["steps"] as Record<string, unknown>[];
  const job = steps[2]?.["job"] as Record<string, unknown>;
  assert.equal(job["message"], "Cannot publish: the brokers are away.");
  assert.match(String(job["link"]), /eu-west-1\.console\.aws\.amazon\.com.*pipelines-Score-job/);
  assert.deepEqual(summary["logs"], { Score: ["giving up 1", "giving up 2"] });
  assert.equal((summary["costs"] as Record<string, unknown>)["usd"], 1.5);
});

Deno.test("waiting for an execution that fails ends with exit code 4 and the reason", async () => {
  await using aws = deployed();
  aws.onStart = ({ script }) => {
    script.push((one) => {
      one.steps = failedScoring(aws);
      one.status = "Failed";
    });
  };
  const result = await start(aws.env, "--wait", ...FAST);
  assert.equal(result.code, 4);
  assert.deepEqual(errorsOf(result), ["pipeline.execution-failed"]);
  assert.ok(result.log.includes("Score: Cannot publish: the brokers are away."), result.log);
});

Deno.test("resume runs what is left of a failed execution, as the same run, once", async () => {
  await using aws = deployed();
  const parameters = [
    { Name: "RunId", Value: "2013-10-02.r2" },
    { Name: "ScheduledTime", Value: SLOT },
    { Name: "BatchSize", Value: "500" },
  ];
  const failed = aws.add(INFERENCE, { status: "Failed", steps: failedScoring(aws), parameters });
  const args = ["resume", "inference", "--environment=staging"];
  const resumed = await pipeline(args, aws.env);
  assert.equal(resumed.code, 0, resumed.log);
  // The condition decides again, on the file that the check left.
  assert.deepEqual(resumed.summary["selected"], ["FitToScore", "Score", "Complete"]);
  const again = await pipeline(["resume", failed.arn], aws.env);
  assert.equal(again.summary["arn"], resumed.summary["arn"]);
  const started = aws.executions.at(-1);
  assert.equal(aws.executions.length, 2);
  assert.deepEqual(started?.parameters, parameters);
  assert.equal(started?.selection?.SourcePipelineExecutionArn, failed.arn);
});

Deno.test("resume goes on with a stopped execution itself, which stop has stopped", async () => {
  await using aws = deployed();
  const { arn } = aws.add(INFERENCE, { steps: [processingStep(aws, "Check")] });
  const stopped = await pipeline(["stop", arn, "--wait", ...FAST], aws.env);
  assert.equal(stopped.summary["status"], "stopped", stopped.log);
  aws.onStart = succeed(aws);
  const resumed = await pipeline(["resume", arn, "--wait", ...FAST], aws.env);
  assert.equal(resumed.code, 0, resumed.log);
  assert.equal(aws.executions.length, 1);
  assert.equal(aws.inputs("RetryPipelineExecution").length, 1);
});

Deno.test("resume refuses what runs, what succeeded, and what failed because it was told to", async () => {
  await using aws = deployed();
  const reason = "The data was not scored: 3 columns are missing";
  const fail = step("UnfitData", "Failed", { Metadata: { Fail: { ErrorMessage: reason } } });
  const cases: [Partial<Execution>, RegExp][] = [
    [{ status: "Executing" }, /it is Executing/],
    [{ status: "Succeeded" }, /it has succeeded/],
    [{ status: "Failed", steps: [step("Check"), fail] }, /3 columns are missing/],
  ];
  for (const [given, expected] of cases) {
    const { arn } = aws.add(INFERENCE, given);
    const refused = await pipeline(["resume", arn], aws.env);
    assert.equal(refused.code, 2, refused.log);
    assert.match(refused.log, expected);
  }
});

Deno.test("list goes through all pages, the newest first, and takes a status", async () => {
  await using aws = deployed();
  for (const status of ["Succeeded", "Failed", "Succeeded", "Failed", "Executing"]) {
    aws.add(TRAINING, { status });
  }
  const args = ["list", "training", "--environment=staging"];
  const all = await pipeline(args, aws.env);
  const executions = all.summary["executions"] as { status: string; arn: string }[];
  assert.equal(executions.length, 5);
  assert.equal(executions[0]?.status, "Executing");
  const failed = await pipeline([...args, "--status=Failed"], aws.env);
  assert.equal((failed.summary["executions"] as unknown[]).length, 2);
});

Deno.test("logs prints the lines of all machines of a step", async () => {
  await using aws = deployed();
  const { arn } = aws.add(INFERENCE, { status: "Failed", steps: failedScoring(aws) });
  const { results } = await pipeline(["logs", arn, "--step=Score"], aws.env);
  assert.equal(results.length, 7);
  assert.match(results[0] ?? "", /^2023-11-14T22:13:20.000Z Score algo-1 connecting 1$/);
  assert.match(results[5] ?? "", /Score algo-2 giving up 2$/);
});

Deno.test("backfill runs the schedule's runs of past days, so many at a time, and goes on after a failure", async () => {
  await using aws = deployed();
  const well = succeed(aws);
  aws.onStart = (execution) => {
    const day = execution.parameters.find(({ Name }) => Name === "RunId")?.Value;
    if (day !== "2013-10-03T06:00:00Z") return well(execution);
    execution.script.push((one) => {
      one.steps = failedScoring(aws);
      one.status = "Failed";
    });
  };
  const args = ["--from=2013-10-01", "--to=2013-10-05", "--parallel=2", ...FAST];
  const filled = await pipeline(["backfill", "--environment=staging", ...args], aws.env);
  assert.equal(filled.code, 4);
  assert.deepEqual(errorsOf(filled), ["pipeline.backfill-incomplete"]);
  const days = filled.summary["days"] as { day: string; status: string }[];
  assert.deepEqual(days.map(({ day, status }) => `${day} ${status}`), [
    "2013-10-01 Succeeded",
    "2013-10-02 Failed",
    "2013-10-03 Succeeded",
    "2013-10-04 Succeeded",
    "2013-10-05 Succeeded",
  ]);
  assert.equal(aws.busiest, 2);
  // The day after its data, at six, as EventBridge would have started it.
  const tokens = aws.inputs("StartPipelineExecution").map((input) => input["ClientRequestToken"]);
  assert.ok(tokens.includes(`${INFERENCE}-2013-10-02T06:00:00Z`), tokens.join());
});

Deno.test("diff shows by step what the code changes, and nothing where it changes nothing", async () => {
  await using aws = deployed();
  const args = ["diff", "training", "--environment=staging"];
  const same = await pipeline([...args, "--check"], aws.env);
  assert.equal(same.code, 0, same.log);
  assert.equal(same.summary["status"], "same");
  const changed = JSON.parse(definition("training", { n_estimators: 7 }));
  changed.Steps[0].Arguments.StoppingCondition.MaxRuntimeInSeconds = 60;
  aws.pipelines.set(TRAINING, JSON.stringify(changed));
  const different = await pipeline([...args, "--check"], aws.env);
  assert.equal(different.code, 2);
  // Seven trees are the environment's own affair.
  assert.deepEqual(different.summary["differences"], [{
    where: "DataQuality",
    path: "Arguments.StoppingCondition.MaxRuntimeInSeconds",
    before: 60,
    after: 3600,
  }]);
});

Deno.test("throttling is waited out", async () => {
  await using aws = deployed();
  const throttled = { type: "ThrottlingException", message: "Rate exceeded" };
  aws.refusals.set("StartPipelineExecution", [throttled, throttled]);
  const { code, log } = await start(aws.env);
  assert.equal(code, 0, log);
  assert.equal(aws.inputs("StartPipelineExecution").length, 3);
});

const REFUSALS: [name: string, refusal: Refusal, code: string, says: RegExp, exit: number][] = [
  [
    "throttling without end",
    { type: "ThrottlingException", message: "Rate exceeded" },
    "aws.throttled",
    /it does nothing twice/,
    4,
  ],
  [
    "expired credentials",
    { type: "ExpiredTokenException", message: "The security token is expired" },
    "aws.credentials-expired",
    /Sign in again/,
    4,
  ],
  [
    "unknown credentials",
    { type: "UnrecognizedClientException", message: "The token is invalid", status: 403 },
    "aws.credentials-refused",
    /does not know the credentials/,
    4,
  ],
  [
    "a missing permission",
    {
      type: "AccessDeniedException",
      message: "User: arn:aws:iam::1:user/me is not authorized to perform: " +
        "sagemaker:StartPipelineExecution on resource: arn:aws:sagemaker:eu-west-1:1:pipeline/p",
    },
    "aws.denied",
    /Allow this identity sagemaker:StartPipelineExecution on arn:aws:sagemaker/,
    4,
  ],
  [
    "a quota",
    { type: "ResourceLimitExceeded", message: "200 concurrent executions" },
    "aws.quota",
    /Service Quotas/,
    4,
  ],
  [
    "a conflict",
    { type: "ConflictException", message: "The token was used for other parameters" },
    "aws.conflict",
    /other parameters/,
    2,
  ],
  [
    "a fault of AWS",
    { type: "InternalFailure", message: "sorry", status: 500 },
    "aws.unreachable",
    /AWS answered 500/,
    4,
  ],
];

for (const [name, refusal, code, says, exit] of REFUSALS) {
  Deno.test(`AWS's refusal is explained: ${name}`, async () => {
    await using aws = deployed();
    aws.refusals.set("StartPipelineExecution", Array(20).fill(refusal));
    const result = await start(aws.env);
    assert.deepEqual(errorsOf(result), [code], result.log);
    assert.match(result.log, says);
    assert.equal(result.code, exit);
  });
}

Deno.test("no AWS, no credentials and no such pipeline are explained", async () => {
  await using aws = deployed();
  const away = await start({ ...aws.env, AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
  assert.deepEqual(errorsOf(away), ["aws.unreachable"]);
  const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_CONFIG_FILE: "/none" };
  const files = { AWS_SHARED_CREDENTIALS_FILE: "/none", AWS_EC2_METADATA_DISABLED: "true" };
  const unknown = await start({ ...aws.env, ...none, ...files });
  assert.deepEqual(errorsOf(unknown), ["aws.no-credentials"]);
  const missing = await pipeline(["status", "training", "--environment=prod"], aws.env);
  assert.deepEqual(errorsOf(missing), ["aws.not-found"]);
  assert.equal(missing.code, 2);
});
