import { UsageError } from "../errors.ts";
import { newTraceId, parentOf } from "./identity.ts";
import { useTracer } from "./span.ts";

/** Reads a variable of the environment. */
export type TracingVariables = (name: string) => string | undefined;

/** A process's part of a trace. */
export interface Tracing {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Sends what is left. @returns why it could not; undefined when it could */
  end(): Promise<string | undefined>;
}

/**
 * Starts tracing if OpenTelemetry's variables ask for it: `OTEL_EXPORTER_OTLP_ENDPOINT` or
 * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, with `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_EXPORTER_OTLP_TIMEOUT`,
 * `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`; `OTEL_SDK_DISABLED=true` turns it off. `TRACEPARENT`
 * names the span that the process belongs to. A blank is not set: SageMaker refuses empty variables.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 * @param service its name unless told
 * @returns undefined where nobody asked, at no cost
 * @throws {UsageError} `tracing.endpoint`, `tracing.protocol`
 */
export async function startTracing(
  service: string,
  read: TracingVariables,
): Promise<Tracing | undefined> {
  const variable: TracingVariables = (name) => read(name)?.trim() || undefined;
  const endpoint = endpointOf(variable);
  if (endpoint === undefined || variable("OTEL_SDK_DISABLED")?.toLowerCase() === "true") {
    return undefined;
  }
  const protocol = variable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ??
    variable("OTEL_EXPORTER_OTLP_PROTOCOL");
  if (protocol === "grpc") {
    throw new UsageError({
      code: "tracing.protocol",
      cannot: "send traces",
      found: "OTEL_EXPORTER_OTLP_PROTOCOL is grpc",
      todo: "Use http/json, and the collector's port for HTTP (usually 4318)",
      place: { option: "OTEL_EXPORTER_OTLP_PROTOCOL" },
    });
  }
  const parent = parentOf(variable("TRACEPARENT"));
  const traceId = parent?.traceId ?? newTraceId();
  const { openTracer } = await import("./tracer.ts");
  const tracer = openTracer({
    endpoint,
    headers: pairs(variable("OTEL_EXPORTER_OTLP_HEADERS")),
    timeoutMs: Number(variable("OTEL_EXPORTER_OTLP_TIMEOUT")) || 10_000,
    resource: {
      "service.name": variable("OTEL_SERVICE_NAME") ?? service,
      ...pairs(variable("OTEL_RESOURCE_ATTRIBUTES")),
    },
    traceId,
    parent: parent?.spanId,
  });
  useTracer(tracer);
  return {
    traceId,
    end: () => {
      useTracer(undefined);
      return tracer.send();
    },
  };
}

function endpointOf(variable: TracingVariables): URL | undefined {
  const own = variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  const base = variable("OTEL_EXPORTER_OTLP_ENDPOINT");
  const text = own ?? (base === undefined ? undefined : `${base.replace(/\/+$/, "")}/v1/traces`);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError({
    code: "tracing.endpoint",
    cannot: "send traces",
    found: `${JSON.stringify(own ?? base)} is no address`,
    todo: "Give one such as http://collector:4318",
    place: { option: "OTEL_EXPORTER_OTLP_ENDPOINT" },
  });
}

/** `a=1,b=x%20y`, as W3C's Baggage writes it; what is not of that form is left out, as OpenTelemetry asks. */
function pairs(text: string | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const one of (text ?? "").split(",")) {
    const [, name = "", value = ""] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(one) ?? [];
    if (name !== "") found[name] = decoded(value);
  }
  return found;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
