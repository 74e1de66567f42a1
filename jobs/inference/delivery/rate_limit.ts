/**
 * A token bucket: so many rows a second, and up to one second's worth of them at once after a pause.
 *
 * Kept as the time at which the next row is due (the "virtual scheduling" form of the leaky bucket,
 * ITU-T I.371, annex A): waking up late is made good by the next rows, so that the rate does not drift
 * below what was asked for.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

/** Limits how fast rows go. */
export interface RateLimit {
  /** Resolves when so many rows may go. Rejects with the signal's reason when it is aborted. */
  take(rows: number, signal: AbortSignal): Promise<void>;
}

/**
 * Makes a limit.
 *
 * @param perSecond rows; undefined for no limit
 */
export function rateLimit(perSecond: number | undefined, clock: Clock): RateLimit {
  if (perSecond === undefined) return { take: () => Promise.resolve() };
  let due = clock.now();
  return {
    take: async (rows, signal) => {
      due = Math.max(due, clock.now() - BURST) + rows / perSecond * 1000;
      const wait = due - clock.now();
      if (wait > 0) await clock.wait(wait, signal);
    },
  };
}

/** Milliseconds. */
const BURST = 1_000;
