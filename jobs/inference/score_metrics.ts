import { embeddedMetrics, metricLine, METRICS_NAMESPACE, type Unit } from "../lib/telemetry.ts";
import type { Attempted } from "./attempt.ts";
import type { DataSummary } from "./survey/mod.ts";

/** For whom metrics are. */
export interface MetricReader {
  /** True in a container, whose stdout CloudWatch reads. */
  readonly contained: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Bytes of memory that the process has. */
  readonly memory: number;
}

/**
 * What a scoring did, as lines for SageMaker's metric definitions, and in a container one object in
 * CloudWatch's embedded metric format. Counts of rows are those of the shards that this process has
 * finished, whichever attempt published them; the rest is of this attempt.
 *
 * @param seconds that the process took
 */
export function scoreMetrics(
  { published, model }: Pick<Attempted, "published" | "model">,
  seconds: number,
  { contained, now, memory }: MetricReader,
): string[] {
  type Shard = (typeof published)[number];
  const sum = (of: (shard: Shard) => number) =>
    published.reduce((total, shard) => total + of(shard), 0);
  const most = (of: (shard: Shard) => number) => Math.max(...published.map(of));
  const metrics: Record<string, readonly [value: number, unit: Unit]> = {
    rows_in: [sum(({ rows }) => rows), "Count"],
    rows_scored: [sum(({ accepted }) => accepted), "Count"],
    rows_rejected: [sum(({ dead }) => dead), "Count"],
    messages_published: [sum(({ accepted }) => accepted), "Count"],
    dead_letters: [sum(({ dead }) => dead), "Count"],
    bytes_published: [sum(({ attempt }) => attempt.bytes), "Bytes"],
    seconds: [Number(seconds.toFixed(3)), "Seconds"],
    rows_per_second: [
      Math.round(sum(({ attempt }) => attempt.rows) / seconds),
      "Count/Second",
    ],
    // Of several shards the slowest: quantiles do not add up.
    publish_ms_p50: [most(({ attempt }) => attempt.publish_ms_p50), "Milliseconds"],
    publish_ms_p95: [most(({ attempt }) => attempt.publish_ms_p95), "Milliseconds"],
    publish_ms_max: [most(({ attempt }) => attempt.publish_ms_max), "Milliseconds"],
    retries: [sum(({ attempt }) => attempt.retries), "Count"],
    errors: [sum(({ attempt }) => attempt.errors), "Count"],
    memory_bytes: [memory, "Bytes"],
  };
  const lines = Object.entries(metrics).flatMap(([name, [value]]) => metricLine(name, value) ?? []);
  if (!contained) return lines;
  const dimensions = { job: "inference", ...(model === undefined ? {} : { model }) };
  return [...lines, embeddedMetrics(METRICS_NAMESPACE, dimensions, metrics, now)];
}

/** What the data of a completed run looked like, likewise; an alarm is on what has drifted. */
export function dataMetrics(
  { violations, drifted, rows }: Pick<DataSummary, "violations" | "drifted" | "rows">,
  model: string,
  { contained, now }: Pick<MetricReader, "contained" | "now">,
): string[] {
  const counts = { drifted_columns: drifted.length, violations, rows_checked: rows };
  const lines = Object.entries(counts).flatMap(([name, value]) => metricLine(name, value) ?? []);
  if (!contained) return lines;
  const metrics = Object.fromEntries(
    Object.entries(counts).map(([name, value]) => [name, [value, "Count"] as const]),
  );
  return [...lines, embeddedMetrics(METRICS_NAMESPACE, { job: "inference", model }, metrics, now)];
}
