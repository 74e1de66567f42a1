/**
 * Spans in the JSON form of OTLP (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding):
 * ids in hexadecimal, 64-bit numbers as text.
 *
 * @module
 */
import { VERSION } from "../version.ts";
import type { Attributes } from "./span.ts";

/** A span that is over. */
export interface FinishedSpan {
  readonly name: string;
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly parent: string | undefined;
  /** Microseconds since 1970. */
  readonly begun: number;
  readonly ended: number;
  readonly attributes: Attributes;
  /** Why the work failed. */
  readonly error: string | undefined;
}

/** SPAN_KIND_INTERNAL and STATUS_CODE_ERROR of opentelemetry/proto/trace/v1/trace.proto. */
const INTERNAL = 1, ERROR = 2;

/** An ExportTraceServiceRequest. */
export function traceRequest(
  resource: Attributes,
  traceId: string,
  spans: readonly FinishedSpan[],
): Record<string, unknown> {
  return {
    resourceSpans: [{
      resource: { attributes: listed({ ...resource, "service.version": VERSION }) },
      scopeSpans: [{
        scope: { name: "ml-pipelines", version: VERSION },
        spans: spans.map(({ name, id, parent, begun, ended, attributes, error }) => ({
          traceId,
          spanId: id,
          ...(parent === undefined ? {} : { parentSpanId: parent }),
          name,
          kind: INTERNAL,
          startTimeUnixNano: `${begun}000`,
          endTimeUnixNano: `${ended}000`,
          attributes: listed(attributes),
          status: error === undefined ? {} : { code: ERROR, message: error },
        })),
      }],
    }],
  };
}

function listed(attributes: Attributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: string | number | boolean): Record<string, unknown> {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
}
