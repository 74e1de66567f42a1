/**
 * A collector of traces by OTLP over HTTP in its JSON form, which checks what it gets against the
 * protocol: https://opentelemetry.io/docs/specs/otlp/ and opentelemetry/proto/trace/v1/trace.proto.
 *
 * @module
 */
import { z } from "zod";

/** A span, decoded. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** Nanoseconds since 1970. */
  readonly begun: bigint;
  readonly ended: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code?: number | undefined; readonly message?: string | undefined };
}

/** One export, in the order in which its spans began. */
export interface Received {
  readonly path: string;
  readonly headers: Headers;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly spans: readonly ReceivedSpan[];
}

/** A collector on a port of its own. */
export interface Collector extends AsyncDisposable {
  readonly endpoint: string;
  /** Status of its answers. */
  answer: number;
  /** What it got since the last time. */
  take(): Received[];
}

/** Starts a collector. */
export function collector(): Collector {
  const received: Received[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { resource, spans } = decode(await request.json());
      const path = new URL(request.url).pathname;
      received.push({ path, headers: request.headers, resource, spans });
      return Response.json({}, { status: self.answer });
    },
  );
  const self: Collector = {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    answer: 200,
    take: () => received.splice(0),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return self;
}

const ATTRIBUTES = z.array(z.strictObject({
  key: z.string().min(1),
  value: z.union([
    z.strictObject({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
    z.strictObject({ boolValue: z.boolean() }).transform(({ boolValue }) => boolValue),
    z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }).transform(({ intValue }) =>
      Number(intValue)
    ),
    z.strictObject({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
  ]),
})).transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])));

const NANOS = z.string().regex(/^\d{19}$/).transform(BigInt);

const REQUEST = z.strictObject({
  resourceSpans: z.array(z.strictObject({
    resource: z.strictObject({ attributes: ATTRIBUTES }),
    scopeSpans: z.array(z.strictObject({
      scope: z.strictObject({ name: z.string(), version: z.string() }),
      spans: z.array(z.strictObject({
        traceId: z.string().regex(/^[0-9a-f]{32}$/),
        spanId: z.string().regex(/^[0-9a-f]{16}$/),
        parentSpanId: z.string().regex(/^[0-9a-f]{16}$/).default(""),
        name: z.string().min(1),
        kind: z.literal(1),
        startTimeUnixNano: NANOS,
        endTimeUnixNano: NANOS,
        attributes: ATTRIBUTES,
        status: z.strictObject({
          code: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
          message: z.string().optional(),
        }),
      })),
    })).length(1),
  })).length(1),
});

function decode(json: unknown): Pick<Received, "resource" | "spans"> {
  const [{ resource, scopeSpans: [scope] }] = REQUEST.parse(json).resourceSpans as [
    z.infer<typeof REQUEST>["resourceSpans"][number],
  ];
  const spans = (scope?.spans ?? []).map((
    { startTimeUnixNano, endTimeUnixNano, kind: _, ...span },
  ) => ({
    ...span,
    begun: startTimeUnixNano,
    ended: endTimeUnixNano,
  }));
  spans.sort((a, b) => a.begun < b.begun ? -1 : a.begun > b.begun ? 1 : 0);
  return { resource: resource.attributes, spans };
}
