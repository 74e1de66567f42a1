/**
 * What `pipeline run` says in the end.
 *
 * @module
 */
import {
  DataError,
  DependencyError,
  FencedError,
  GateError,
  type PlatformError,
  UsageError,
} from "../../jobs/lib/errors.ts";
import type { Ended, StepRecord } from "../local/mod.ts";

/** The last line of stdout. */
export function summaryOf({ record, folder, page }: Ended): Record<string, unknown> {
  const { pipeline, execution, status, started, ended = started, steps } = record;
  return {
    status,
    pipeline,
    execution,
    seconds: seconds(started, ended),
    steps: steps.map((step) => ({
      name: step.name,
      status: step.status,
      ...(step.started === undefined || step.ended === undefined
        ? {}
        : { seconds: seconds(step.started, step.ended) }),
      ...(step.attempts === undefined ? {} : { attempts: step.attempts }),
      ...(step.outcome === undefined ? {} : { outcome: step.outcome }),
      ...(step.cached_from === undefined ? {} : { cached_from: step.cached_from }),
      ...(step.resumed_from === undefined ? {} : { resumed_from: step.resumed_from }),
      ...(step.reason === undefined ? {} : { reason: step.reason }),
    })),
    folder,
    page,
  };
}

/** The same for a person. */
export function describeExecution({ record, page }: Ended): string {
  const { pipeline, execution, status, started, ended = started, steps } = record;
  const width = Math.max(...steps.map(({ name }) => name.length));
  const lines = steps.map((step) => {
    const took = step.started === undefined || step.ended === undefined
      ? ""
      : `${seconds(step.started, step.ended).toFixed(1)} s`;
    const note = step.cached_from === undefined
      ? step.resumed_from === undefined ? "" : `kept from ${step.resumed_from}`
      : `from the cache, ${step.cached_from}`;
    return `  ${step.name.padEnd(width)}  ${step.status.padEnd(10)} ${took.padStart(8)}  ${note}`
      .trimEnd();
  });
  return [
    `${pipeline} ${status} in ${seconds(started, ended).toFixed(1)} s (${execution})`,
    ...lines,
    `page: ${page}`,
  ].join("\n");
}

const ERRORS = { 2: UsageError, 3: DataError, 5: GateError, 6: FencedError } as const;

/** Why the execution did not succeed, with the exit code of what failed. */
export function failureOf({ record, page }: Ended): PlatformError | undefined {
  if (record.status === "Succeeded") return undefined;
  const failed = record.steps.find(({ type, status }) => type === "Fail" && status === "Failed") ??
    record.steps.find(({ status }) => status === "Failed");
  return new (errorOf(failed))({
    code: "pipeline.failed",
    cannot: `finish ${record.pipeline}`,
    found: failed === undefined
      ? "it was stopped"
      : `step ${failed.name} failed: ${failed.reason ?? "it says nothing"}`,
    todo: `See ${page}; after mending, go on with --resume ${record.execution}`,
    place: { file: page },
  });
}

function errorOf(step: StepRecord | undefined) {
  if (step?.type === "Fail") return GateError;
  const code = step?.exit_code;
  return code === 2 || code === 3 || code === 5 || code === 6 ? ERRORS[code] : DependencyError;
}

function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
