/**
 * Trying again when a dependency is away.
 *
 * @module
 */
import { DependencyError, messageOf } from "../../lib/errors.ts";
import type { Log } from "../../lib/log.ts";
import type { Clock } from "./clock.ts";

/** How long, and with whom. */
export interface RetryOptions {
  /** Milliseconds without progress after which the failure is final; 0 never tries again. */
  readonly patience: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** From 0 to 1; keeps processes that failed together from coming back together. */
  readonly random?: () => number;
}

/** What an attempt can tell. */
export interface Attempt {
  /** How many failed before it. */
  readonly failures: number;
  /** Says that something was achieved: patience starts anew. */
  readonly progressed: () => void;
}

/**
 * Runs attempts until one succeeds, each from the beginning: whatever an attempt had achieved for good
 * the next one reads again.
 *
 * @throws what an attempt threw, unless it is a {@linkcode DependencyError} that may pass
 */
export async function retrying<T>(
  run: (attempt: Attempt) => Promise<T>,
  { patience, clock, log, signal, random = Math.random }: RetryOptions,
): Promise<T> {
  let failures = 0;
  let sinceProgress = 0;
  let begun = clock.now();
  const progressed = () => {
    sinceProgress = 0;
    begun = clock.now();
  };
  while (true) {
    try {
      return await run({ failures, progressed });
    } catch (error) {
      const wait = Math.min(LONGEST, SHORTEST * 2 ** sinceProgress) * (0.5 + random() / 2);
      const passing = error instanceof DependencyError && !FINAL.test(error.code);
      if (!passing || clock.now() + wait - begun > patience) throw error;
      failures++;
      sinceProgress++;
      log.warn("trying again", {
        seconds: Number((wait / 1000).toFixed(1)),
        failures,
        code: error.code,
        error: messageOf(error),
      });
      await clock.wait(wait, signal);
    }
  }
}

/** Milliseconds. */
const SHORTEST = 1_000;
const LONGEST = 30_000;

/** Where trying again gives the same answer, and somebody has to do something first. */
const FINAL =
  /(?:unauthori[sz]ed|denied|refused|no-credentials|no-bucket|tls|too-large|missing|vanished|unreadable|invalid|changed|hanging|limit)$/;
