import { embeddedMetrics, metricLine, METRICS_NAMESPACE, type Unit } from "../lib/telemetry.ts";

/** What a training measured. */
export interface TrainingMeasures {
  /** Registered model. */
  readonly model: string;
  /** Of the model on the rows that were held out. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Seconds of growing the forest. */
  readonly seconds: number;
  /** Rows that it learnt from. */
  readonly rows: number;
  /** Bytes of memory that the process has at the end. */
  readonly memory: number;
}

/**
 * What a training measured, as lines for SageMaker's metric definitions, and in a container one object
 * in CloudWatch's embedded metric format.
 *
 * @param contained whether CloudWatch reads stdout
 * @param now milliseconds since 1970
 */
export function trainMetrics(
  { model, metrics, seconds, rows, memory }: TrainingMeasures,
  { contained, now }: { readonly contained: boolean; readonly now: number },
): string[] {
  const lines = Object.entries(metrics).flatMap(([name, value]) => metricLine(name, value) ?? []);
  if (!contained) return lines;
  const quality = Object.entries(metrics)
    .map(([name, value]): [string, readonly [number, Unit]] => [name, [value, "None"]]);
  return [
    ...lines,
    embeddedMetrics(METRICS_NAMESPACE, { job: "training", model }, {
      ...Object.fromEntries(quality),
      train_seconds: [seconds, "Seconds"],
      train_rows: [rows, "Count"],
      memory_bytes: [memory, "Bytes"],
    }, now),
  ];
}
