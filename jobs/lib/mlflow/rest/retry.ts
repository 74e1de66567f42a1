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

/** True if the server may have done what it was asked to. */
export function mayHaveActed(failure: Failure): boolean {
  return failure.kind === "broken" || (failure.kind === "status" && failure.status !== 429);
}

/** True if the server said itself that it failed, so that it is done with the request. */
export function isOver(failure: Failure): boolean {
  return failure.kind === "status" && failure.status !== 504;
}

/** Exponential with jitter, between half and all of first · 2^attempt, at most 8 s or the first. */
export function backoffMs(
  attempt: number,
  first = FIRST_MS,
  random: () => number = Math.random,
): number {
  return Math.min(Math.max(8000, first), first * 2 ** attempt) * (0.5 + random() / 2);
}

const FIRST_MS = 250;
