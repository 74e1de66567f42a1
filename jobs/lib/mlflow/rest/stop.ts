/**
 * How the stop signal reaches a request.
 *
 * @module
 */

import type { HttpRequest } from "./request.ts";

/** How long a request that makes something may still take, so that we know what it made. */
const GRACE_MS = 3000;

/** A signal for the time of one try. */
export interface Stop extends Disposable {
  readonly signal: AbortSignal | undefined;
}

/**
 * What ends a try: the stop signal at once, but for one that makes something a little later, and never
 * for one that is our last word.
 *
 * @throws the signal's reason if it is aborted already
 */
export function stopOf(
  signal: AbortSignal | undefined,
  request: HttpRequest,
  idempotent: boolean,
): Stop {
  const nothing = () => {};
  if (signal === undefined || request.afterStop) {
    return { signal: undefined, [Symbol.dispose]: nothing };
  }
  signal.throwIfAborted();
  if (idempotent) return { signal, [Symbol.dispose]: nothing };
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onStop = () => timer = setTimeout(() => late.abort(signal.reason), GRACE_MS);
  signal.addEventListener("abort", onStop, { once: true });
  return {
    signal: late.signal,
    [Symbol.dispose]: () => {
      signal.removeEventListener("abort", onStop);
      clearTimeout(timer);
    },
  };
}

/** Waits. @throws the signal's reason as soon as it is aborted */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const onStop = () => reject(signal?.reason);
  signal?.addEventListener("abort", onStop, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onStop);
  }
}
