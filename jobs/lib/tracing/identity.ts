/** Where a trace goes on that another process began. */
export interface Parent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/**
 * Reads a `traceparent` of W3C's Trace Context (https://www.w3.org/TR/trace-context/#traceparent-header).
 *
 * @returns undefined for what is none, which begins a trace of its own
 */
export function parentOf(traceparent: string | undefined): Parent | undefined {
  const [, traceId = "", spanId = ""] =
    /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(traceparent ?? "") ?? [];
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined;
  return { traceId, spanId };
}

/** A trace's id that nobody has. */
export function newTraceId(): string {
  return randomHex(16);
}

/** A span's id that nobody has in its trace. */
export function newSpanId(): string {
  return randomHex(8);
}

function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}
