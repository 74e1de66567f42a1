/**
 * One execution of a pipeline on this machine, from its definition to its record.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { messageOf } from "../../jobs/lib/errors.ts";
import type { Log } from "../../jobs/lib/log.ts";
import type { LocalStep } from "./shape.ts";
import { StepFailure } from "./failures.ts";
import { andAfter, dependenciesOf } from "./graph.ts";
import { writePage } from "./page.ts";
import { type ExecutionRecord, type StepRecord, writeRecord } from "./record.ts";
import type { ExecutionOptions } from "./running.ts";
import { runSchedule, type StepStatus } from "./schedule.ts";
import { stepRunner } from "./step_runner.ts";

/** An execution that is over. */
export interface Ended {
  /** All about it. */
  readonly record: ExecutionRecord;
  /** Its folder. */
  readonly folder: string;
  /** Its page. */
  readonly page: string;
}

/** Executes a pipeline. Failure is in the record. */
export async function executePipeline(options: ExecutionOptions): Promise<Ended> {
  const { pipeline, definition, parameters, log, signal } = options;
  const dependencies = dependenciesOf(definition);
  const execution = executionId();
  const folder = resolve(options.output, execution);
  await Deno.mkdir(folder, { recursive: true });
  const kept = keptSteps(options, dependencies);
  const steps = new Map(definition.steps.map((step): [string, StepRecord] => [
    step.Name,
    { name: step.Name, type: step.Type, status: "NotStarted" },
  ]));
  const record = (ended?: string): ExecutionRecord => ({
    pipeline,
    execution,
    status,
    started,
    ...(ended === undefined ? {} : { ended }),
    ...(options.resumes === undefined ? {} : { resumes: options.resumes.record.execution }),
    parameters,
    steps: [...steps.values()],
  });
  const started = new Date().toISOString();
  let status: ExecutionRecord["status"] = "Executing";
  let written = Promise.resolve();
  // One after the other, so that the last one stays.
  const write = (ended?: string) =>
    written = written.then(async () => {
      await writeRecord(folder, record(ended));
      await writePage(folder, record(ended), definition, dependencies);
    });
  const note = (name: string, more: Partial<StepRecord>) => {
    const before = steps.get(name);
    if (before !== undefined) steps.set(name, { ...before, ...more });
  };

  log.info("execution begins", { pipeline, execution, folder });
  await write();
  const run = stepRunner({ ...options, execution, folder, started, kept, steps, note });
  status = await runSchedule({
    steps: definition.steps,
    dependencies,
    parallelism: Math.min(options.parallelism, definition.parallelism ?? Infinity),
    signal,
    run,
    changed: (step, now, error) => {
      const entry = changed(step, now, error, log);
      note(step.Name, entry);
      if (now !== "NotChosen") write();
    },
  });
  const ended = new Date().toISOString();
  await write(ended);
  log.info("execution ended", { status, seconds: seconds(started, ended) });
  return { record: record(ended), folder, page: join(folder, "index.html") };
}

/** What a change means for the record, and tells the log. */
function changed(
  { Name, Type }: LocalStep,
  status: StepStatus,
  error: unknown,
  log: Log,
): Partial<StepRecord> {
  const now = new Date().toISOString();
  if (status === "Executing") {
    log.info("step begins", { step: Name, type: Type });
    return { status, started: now };
  }
  if (status === "NotChosen") {
    log.debug("step is not chosen", { step: Name });
    return { status };
  }
  if (status === "Succeeded") {
    log.info("step succeeded", { step: Name });
    return { status, ended: now };
  }
  const reason = messageOf(error);
  log.error(`step ${Name} ${status === "Failed" ? "failed" : "was stopped"}: ${reason}`);
  return {
    status,
    ended: now,
    reason,
    ...(error instanceof StepFailure && error.exitCode !== undefined
      ? { exit_code: error.exitCode }
      : {}),
  };
}

/** The steps of a resumed execution whose results are kept: those that succeeded, before the start. */
function keptSteps(
  { resumes, definition }: ExecutionOptions,
  dependencies: ReturnType<typeof dependenciesOf>,
): ReadonlyMap<string, StepRecord> {
  if (resumes === undefined) return new Map();
  const again = resumes.from === undefined ? new Set() : andAfter(resumes.from, dependencies);
  const jobs = new Set(
    definition.steps.filter(({ Type }) => Type !== "Condition" && Type !== "Fail")
      .map(({ Name }) => Name),
  );
  return new Map(
    resumes.record.steps
      .filter(({ name, status }) => status === "Succeeded" && jobs.has(name) && !again.has(name))
      .map((step) => [step.name, step]),
  );
}

/** Twelve small letters and digits, as SageMaker's are. */
function executionId(): string {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => letters[byte % letters.length]).join("");
}

function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
