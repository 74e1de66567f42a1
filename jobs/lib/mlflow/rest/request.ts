/**
 * A request to a server, and what comes of it.
 *
 * @module
 */

import type { Content } from "../artifacts/content.ts";
import type { Download } from "./download.ts";
import type { Failure } from "./retry.ts";

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below the base URL, with its query, encoded. */
  readonly path: string;
  /** JSON, or bytes as they are. */
  readonly body?: Readonly<Record<string, unknown>> | Content;
  /** Takes what comes, so that a repetition goes on where an answer broke off. */
  readonly download?: Download;
  /** True if doing it twice is the same as doing it once; GETs are. */
  readonly idempotent?: boolean;
  /**
   * Finds what a request that is not idempotent has made, where its answer was lost; undefined if the
   * server knows nothing of it.
   */
  readonly find?: () => Promise<Answer | undefined>;
  /** What it is for, continuing "Cannot "; for messages. */
  readonly cannot: string;
  readonly retryForMs?: number;
  readonly timeoutMs?: number;
  /** Sent although we are to stop or have given up, but with little patience then: to say so. */
  readonly afterStop?: boolean;
}

/** A server's answer: 2xx, or 4xx with MLflow's error in it. */
export interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly request: HttpRequest;
  /** `RESOURCE_DOES_NOT_EXIST` and so on; undefined in a 2xx, or where it is not MLflow's JSON. */
  readonly errorCode: string | undefined;
  readonly errorMessage: string;
}

/** A try without a usable answer. */
export type Lost = Failure & { readonly found: string };

/** Tells a try that was lost from an answer. */
export function isLost(outcome: Answer | Lost): outcome is Lost {
  return "found" in outcome;
}
