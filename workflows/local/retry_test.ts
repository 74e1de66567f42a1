import assert from "node:assert/strict";
import type { RetryPolicy } from "./shape.ts";
import { type ExceptionType, PlatformFault, StepFailure } from "./failures.ts";
import { withRetries } from "./retry.ts";

const THROTTLED: RetryPolicy = {
  ExceptionType: ["Step.SERVICE_FAULT", "Step.THROTTLING"],
  IntervalSeconds: 30,
  BackoffRate: 2,
  MaxAttempts: 3,
};
const CAPACITY: RetryPolicy = {
  ExceptionType: ["SageMaker.CAPACITY_ERROR"],
  IntervalSeconds: 60,
  BackoffRate: 2,
  ExpireAfterMin: 10,
};

/** Plays faults, then success; returns the waits in seconds. */
async function play(
  policies: readonly RetryPolicy[],
  faults: readonly (ExceptionType | "exit 4")[],
  longestWait = Infinity,
): Promise<{ waits: number[]; attempts: number; error: unknown }> {
  const waits: number[] = [];
  let clock = 0;
  const pending = [...faults];
  let attempts = 0;
  const options = {
    longestWait,
    now: () => clock,
    sleep: (milliseconds: number) => {
      waits.push(milliseconds / 1000);
      clock += milliseconds;
      return Promise.resolve();
    },
    retrying: () => {},
  };
  try {
    await withRetries(policies, () => {
      attempts++;
      const fault = pending.shift();
      if (fault === "exit 4") return Promise.reject(new StepFailure("job", { exitCode: 4 }));
      if (fault !== undefined) return Promise.reject(new PlatformFault(fault, "busy"));
      return Promise.resolve();
    }, options);
    return { waits, attempts, error: undefined };
  } catch (error) {
    return { waits, attempts, error };
  }
}

Deno.test("withRetries() waits longer each time, by the policy for the fault", async () => {
  const faults: ExceptionType[] = [
    "Step.THROTTLING",
    "SageMaker.CAPACITY_ERROR",
    "Step.SERVICE_FAULT",
    "SageMaker.CAPACITY_ERROR",
  ];
  const { waits, attempts, error } = await play([THROTTLED, CAPACITY], faults);
  assert.deepEqual(waits, [30, 60, 60, 120]);
  assert.equal(attempts, 5);
  assert.equal(error, undefined);
  assert.deepEqual((await play([THROTTLED], faults.slice(0, 1), 5)).waits, [0.005]);
});

Deno.test("withRetries() gives up after the attempts or the time of the policy", async () => {
  const throttled = await play([THROTTLED], Array(9).fill("Step.THROTTLING"));
  assert.equal(throttled.attempts, 4);
  assert.ok(throttled.error instanceof PlatformFault);
  const capacity = await play([CAPACITY], Array(9).fill("SageMaker.CAPACITY_ERROR"));
  // 60 + 120 + 240 seconds are within ten minutes, 480 more are not.
  assert.deepEqual(capacity.waits, [60, 120, 240]);
});

Deno.test("withRetries() tries nothing again that no policy is for, whatever a job's exit code", async () => {
  assert.equal((await play([THROTTLED], ["SageMaker.RESOURCE_LIMIT"])).attempts, 1);
  const failed = await play([THROTTLED, CAPACITY], ["exit 4"]);
  assert.equal(failed.attempts, 1);
  assert.ok(failed.error instanceof StepFailure);
});
