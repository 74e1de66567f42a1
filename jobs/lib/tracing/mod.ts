/**
 * OpenTelemetry traces of a job: a span for each of its phases, sent by OTLP over HTTP when an endpoint
 * is set, and nothing at all otherwise.
 *
 * Deno has telemetry built in, but a binary would have to be compiled with it, and would then send to
 * localhost wherever no endpoint is set.
 *
 * @module
 */
export { type Attributes, NO_SPAN, type Span, span } from "./span.ts";
export { startTracing, type Tracing, type TracingVariables } from "./start.ts";
export { newTraceId, type Parent, parentOf } from "./identity.ts";
