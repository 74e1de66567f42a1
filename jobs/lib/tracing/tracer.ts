import { AsyncLocalStorage } from "node:async_hooks";
import { messageOf, PlatformError } from "../errors.ts";
import { newSpanId } from "./identity.ts";
import { type FinishedSpan, traceRequest } from "./otlp.ts";
import type { Attributes, Span, Tracer } from "./span.ts";

/** Where a trace goes, and what it is part of. */
export interface TracerOptions {
  readonly endpoint: URL;
  /** May be secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What makes the spans. */
  readonly resource: Attributes;
  readonly traceId: string;
  /** Span of another process that all of it belongs to. */
  readonly parent: string | undefined;
}

/** A job has a few dozen phases; more would be a mistake, and must not fill the memory. */
const MOST_SPANS = 10_000;
const TRIES = 2;
/** What OTLP says may be tried again. */
const AGAIN = new Set([429, 502, 503, 504]);

/** Keeps the spans of a process until they are sent. */
export function openTracer(
  options: TracerOptions,
): Tracer & { readonly send: () => Promise<string | undefined> } {
  const current = new AsyncLocalStorage<string>();
  const finished: FinishedSpan[] = [];
  return {
    run: async <T>(
      name: string,
      work: (span: Span) => T | Promise<T>,
      given: Attributes,
    ): Promise<T> => {
      const id = newSpanId();
      const parent = current.getStore() ?? options.parent;
      const begun = now();
      const attributes: Record<string, string | number | boolean> = { ...given };
      let error: string | undefined;
      try {
        const span: Span = { set: (more) => void Object.assign(attributes, more) };
        return await current.run(id, () => work(span));
      } catch (thrown) {
        error = messageOf(thrown);
        attributes["error.type"] = thrown instanceof PlatformError ? thrown.code : "bug";
        throw thrown;
      } finally {
        if (finished.length < MOST_SPANS) {
          finished.push({ name, id, parent, begun, ended: now(), attributes, error });
        }
      }
    },
    send: () => finished.length === 0 ? Promise.resolve(undefined) : send(options, finished),
  };
}

async function send(
  { endpoint, headers, timeoutMs, resource, traceId }: TracerOptions,
  spans: readonly FinishedSpan[],
): Promise<string | undefined> {
  const body = JSON.stringify(traceRequest(resource, traceId, spans));
  let reason: string | undefined;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    try {
      const answer = await fetch(endpoint, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body,
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
      if (answer.ok) return undefined;
      reason = `${endpoint.host} answered ${answer.status}`;
      if (!AGAIN.has(answer.status)) return reason;
    } catch (error) {
      const why = error instanceof Error && error.cause !== undefined
        ? `: ${messageOf(error.cause)}`
        : "";
      reason = `${endpoint.host}: ${messageOf(error)}${why}`;
    }
  }
  return reason;
}

/** Microseconds since 1970. */
function now(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}
