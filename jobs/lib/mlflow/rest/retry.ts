/**
 * When a request to an MLflow server is worth repeating, and how long to wait before.
 *
 * @module
 */

/** How a request ended without a usable answer. */
export type Failure =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterMs?: number }
  /** The connection was never made: the server has not seen the request. */
  | { readonly kind: "unconnected" }
  /** Reset or timed out: the server may have acted on it. */
  | { readonly kind: "broken" };

/**
 * True if the request may be sent again. One that is not idempotent (it makes a run, a model, a
 * version) only where the server cannot have acted on it.
 */
export function isRetriable(failure: Failure, idempotent: boolean): boolean {
  switch (failure.kind) {
    case "unconnected":
      return true;
    case "broken":
      return idempotent;
    case "status":
      return failure.status === 429 ||
        (idempotent && failure.status >= 500 && failure.status !== 501);
  }
}

/** Exponential with jitter, between half and all of 250 ms · 2^attempt, at most 8 s. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(8000, 250 * 2 ** attempt) * (0.5 + random() / 2);
}
