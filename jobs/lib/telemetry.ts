/**
 * Results on stdout for the machines that read a job's log stream: SageMaker's metric definitions,
 * CloudWatch's embedded metric format, and the summary.
 *
 * @module
 */

/** The regular expression of SageMaker's `MetricDefinitions` for {@linkcode metricLine}. */
export function metricPattern(name: string): string {
  return `^metric ${name}=([-0-9.e]+)$`;
}

/**
 * A metric as SageMaker's metric definitions parse it: `metric accuracy=0.8018`.
 *
 * @returns undefined for a value that is no number, which SageMaker could not take
 */
export function metricLine(name: string, value: number): string | undefined {
  return Number.isFinite(value)
    ? `metric ${name}=${value.toString().replace("e+", "e")}`
    : undefined;
}

/** Namespace of the jobs' metrics in CloudWatch. */
export const METRICS_NAMESPACE = "MLPlatform";

/** Units of CloudWatch that the jobs use. */
export type Unit = "Count" | "Seconds" | "Milliseconds" | "Bytes" | "None" | "Count/Second";

/**
 * One object in CloudWatch's embedded metric format (AWS: "Specification: Embedded metric format"),
 * as a line of JSON: CloudWatch Logs makes metrics of it without an API call.
 *
 * @param dimensions at most 30 names and values
 * @param metrics at most 100 of finite value; others are left out
 */
export function embeddedMetrics(
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  metrics: Readonly<Record<string, readonly [value: number, unit: Unit]>>,
  timestamp: number,
): string {
  const finite = Object.entries(metrics).filter(([, [value]]) => Number.isFinite(value));
  return JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [{
        Namespace: namespace,
        Dimensions: [Object.keys(dimensions)],
        Metrics: finite.map(([Name, [, Unit]]) => ({ Name, Unit })),
      }],
    },
    ...dimensions,
    ...Object.fromEntries(finite.map(([name, [value]]) => [name, value])),
  });
}
