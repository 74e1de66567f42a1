/** What is known of a span, by OpenTelemetry's names where it has one. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A phase under way. */
export interface Span {
  /** Notes what is known only now. */
  set(attributes: Attributes): void;
}

/** What makes spans of phases. */
export interface Tracer {
  run<T>(
    name: string,
    work: (span: Span) => T | Promise<T>,
    attributes: Attributes,
  ): Promise<T>;
}

/** A span that nobody looks at. */
export const NO_SPAN: Span = { set: () => {} };

let tracer: Tracer | undefined;

/** Lets a tracer have all spans from now on; undefined for none. */
export function useTracer(one: Tracer | undefined): void {
  tracer = one;
}

/**
 * Does some work as a phase of its own in the trace. Phases within it become its children; what it
 * throws is noted and thrown on. Without a tracer the work is done, and that is all.
 *
 * @param name few different ones: what varies is an attribute
 */
export async function span<T>(
  name: string,
  work: (span: Span) => T | Promise<T>,
  attributes: Attributes = {},
): Promise<T> {
  return tracer === undefined ? await work(NO_SPAN) : await tracer.run(name, work, attributes);
}
