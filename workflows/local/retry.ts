/**
 * Tries a step again as its retry policies say. Source: AWS developer guide, "Retry Policy for
 * Pipeline Steps".
 *
 * @module
 */
import type { RetryPolicy } from "./shape.ts";
import { PlatformFault } from "./failures.ts";

/** What retrying needs of the world. */
export interface RetryOptions {
  /** Longest wait in milliseconds, whatever a policy says. */
  readonly longestWait: number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Told before each wait. */
  readonly retrying: (fault: PlatformFault, attempt: number, wait: number) => void;
}

/**
 * Runs attempts until one ends otherwise than with a fault that a policy is for.
 *
 * @param attempt gets its number, from 1
 * @returns what the last attempt gives, and its number
 */
export async function withRetries<T>(
  policies: readonly RetryPolicy[],
  attempt: (number: number) => Promise<T>,
  { longestWait, now, sleep, retrying }: RetryOptions,
): Promise<{ result: T; attempts: number }> {
  const begun = now();
  const used = new Map<RetryPolicy, number>();
  for (let number = 1;; number++) {
    try {
      return { result: await attempt(number), attempts: number };
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      const policy = policies.find((each) => each.ExceptionType.includes(error.type));
      if (policy === undefined) throw error;
      const retries = used.get(policy) ?? 0;
      const wait = Math.min(
        longestWait,
        policy.IntervalSeconds * policy.BackoffRate ** retries * 1000,
      );
      const expired = policy.ExpireAfterMin !== undefined &&
        now() + wait - begun > policy.ExpireAfterMin * 60_000;
      if (retries >= (policy.MaxAttempts ?? Infinity) || expired) throw error;
      used.set(policy, retries + 1);
      retrying(error, number, wait);
      await sleep(wait);
    }
  }
}
