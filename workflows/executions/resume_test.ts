import assert from "node:assert/strict";
import fc from "fast-check";
import { inferencePipeline } from "../inference.ts";
import { trainingPipeline } from "../training.ts";
import { stepsOf } from "./graph.ts";
import { remainingSteps } from "./resume.ts";

const training = stepsOf(JSON.parse(JSON.stringify(trainingPipeline())));
const inference = stepsOf(JSON.parse(JSON.stringify(inferencePipeline())));
const done = (...names: string[]) =>
  names.map((StepName) => ({ StepName, StepStatus: "Succeeded" as const }));
const failed = (StepName: string) => ({ StepName, StepStatus: "Failed" as const });

Deno.test("remainingSteps() takes the failed step and all after it", () => {
  assert.deepEqual(remainingSteps(training, [...done("DataQuality"), failed("Train")]), [
    "Train",
    "Evaluate",
    "GoodEnough",
    "Register",
    "Reject",
    "NotGoodEnough",
  ]);
});

Deno.test("remainingSteps() lets a condition decide again, but for the branch that was taken only", () => {
  const steps = [...done("DataQuality", "Train", "Evaluate", "GoodEnough"), failed("Register")];
  assert.deepEqual(remainingSteps(training, steps), ["GoodEnough", "Register"]);
  const scored = [...done("Check", "FitToScore", "Score"), failed("Complete")];
  assert.deepEqual(remainingSteps(inference, scored), ["FitToScore", "Complete"]);
});

Deno.test("remainingSteps() never takes a job that succeeded", () => {
  const names = training.map(({ name }) => name);
  fc.assert(fc.property(fc.subarray(names), (succeeded) => {
    const jobs = training.filter(({ type }) => type !== "Condition").map(({ name }) => name);
    const left = remainingSteps(training, done(...succeeded));
    assert.deepEqual(left.filter((name) => jobs.includes(name) && succeeded.includes(name)), []);
  }));
});
