import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../jobs/lib/log.ts";
import type { Aws } from "./aws.ts";
import type { ExecutionName } from "./names.ts";
import { type ExecutionStatus, executionStatus, FINAL } from "./status.ts";

/** How to wait. */
export interface WaitOptions {
  /** Seconds between two looks. */
  readonly pollSeconds: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Gets each change. */
  readonly log: Log;
}

/** Waits until an execution has ended, and logs each change of it and its steps. */
export async function waitForExecution(
  aws: Aws,
  execution: ExecutionName,
  { pollSeconds, signal, log }: WaitOptions,
): Promise<ExecutionStatus> {
  const seen = new Map<string, string>();
  while (true) {
    signal.throwIfAborted();
    const status = await executionStatus(aws, execution, new Date());
    for (const step of status.steps) {
      if (seen.get(step.name) === step.status) continue;
      seen.set(step.name, step.status);
      log.info(`${step.name}: ${step.status}`, {
        execution: execution.id,
        ...(step.outcome === null ? {} : { outcome: step.outcome }),
        ...(step.reason === null ? {} : { reason: step.reason }),
      });
    }
    if (FINAL.has(status.status)) return status;
    await delay(pollSeconds * 1000, undefined, { signal });
  }
}
