/**
 * How long work shares the thread it runs on.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";

/** Lets timers, signals and input have their turn, then stops if told to. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
