/**
 * A clock for tests, which stands still unless it is waited on.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

/** See the module's description. */
export interface FakeClock extends Clock {
  /** Lets time pass. */
  pass(milliseconds: number): void;
  /** All waits so far. */
  readonly waits: readonly number[];
}

/** Starts at 0; every wait ends so many milliseconds `late`. */
export function fakeClock({ late = 0 }: { late?: number } = {}): FakeClock {
  let time = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => time,
    pass: (milliseconds) => {
      time += milliseconds;
    },
    wait: (milliseconds, signal) => {
      signal.throwIfAborted();
      waits.push(milliseconds);
      time += milliseconds + late;
      return Promise.resolve();
    },
  };
}
