/**
 * Runs steps as early as what they wait for allows, so many at a time.
 *
 * As on SageMaker, a step that fails lets no further step begin while those that run go on to their
 * end; a Fail step ends those too.
 *
 * @module
 */
import type { LocalStep } from "./shape.ts";
import { StepFailure } from "./failures.ts";
import type { Dependencies } from "./graph.ts";

/** How a step stands. */
export type StepStatus =
  | "NotStarted"
  | "Executing"
  | "Succeeded"
  | "Failed"
  | "Stopped"
  /** The condition chose the other branch, or something it waits for was not chosen. */
  | "NotChosen";

/** How an execution ended. */
export type ExecutionStatus = "Succeeded" | "Failed" | "Stopped";

/** What a step that has succeeded says. */
export interface StepOutcome {
  /** Of a condition step. */
  readonly condition?: boolean;
}

/** How steps are run, and who is told. */
export interface Schedule {
  readonly steps: readonly LocalStep[];
  readonly dependencies: Dependencies;
  /** Most steps at a time. */
  readonly parallelism: number;
  /** Stops the execution. */
  readonly signal: AbortSignal;
  /** Runs a step; the signal asks it to stop. */
  readonly run: (step: LocalStep, signal: AbortSignal) => Promise<StepOutcome>;
  /** Told of every change, with what was thrown if it failed. */
  readonly changed: (step: LocalStep, status: StepStatus, error?: unknown) => void;
}

/** Runs all steps that are to run, and returns how it ended. */
export async function runSchedule(schedule: Schedule): Promise<ExecutionStatus> {
  const { steps, dependencies, parallelism, signal, run, changed } = schedule;
  const status = new Map<string, StepStatus>(steps.map(({ Name }) => [Name, "NotStarted"]));
  const chosen = new Map<string, boolean>();
  const running = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const signals = AbortSignal.any([signal, stop.signal]);
  let failed = false;

  const set = (step: LocalStep, now: StepStatus, error?: unknown) => {
    status.set(step.Name, now);
    changed(step, now, error);
  };
  const work = async (step: LocalStep) => {
    try {
      const { condition } = await run(step, signals);
      if (condition !== undefined) chosen.set(step.Name, condition);
      set(step, "Succeeded");
    } catch (error) {
      const stopped = signals.aborted && !(error instanceof StepFailure && error.final);
      if (!stopped) failed = true;
      set(step, stopped ? "Stopped" : "Failed", error);
      if (error instanceof StepFailure && error.final) stop.abort();
    } finally {
      running.delete(step.Name);
    }
  };
  /** Whether what it waits for is done, or never will be. */
  const standing = (step: LocalStep): "ready" | "waiting" | "never" => {
    const before = [...dependencies.get(step.Name) ?? []].map((name) => status.get(name));
    const { branch } = step;
    const choice = branch === undefined ? undefined : chosen.get(branch.of);
    if (before.includes("NotChosen") || (choice !== undefined && choice !== branch?.when)) {
      return "never";
    }
    return before.every((each) => each === "Succeeded") ? "ready" : "waiting";
  };
  const settle = () => {
    for (let changes = true; changes;) {
      changes = false;
      for (const step of steps) {
        if (status.get(step.Name) !== "NotStarted" || standing(step) !== "never") continue;
        set(step, "NotChosen");
        changes = true;
      }
    }
  };

  for (;;) {
    settle();
    for (const step of steps) {
      if (failed || signals.aborted || running.size >= parallelism) break;
      if (status.get(step.Name) !== "NotStarted" || standing(step) !== "ready") continue;
      set(step, "Executing");
      running.set(step.Name, work(step));
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  return failed ? "Failed" : signal.aborted ? "Stopped" : "Succeeded";
}
