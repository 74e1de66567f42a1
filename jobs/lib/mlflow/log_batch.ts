/**
 * What one call of `runs/log-batch` may hold, and how more is split.
 * Limits: https://mlflow.org/docs/latest/api_reference/rest-api.html#log-batch (request limits).
 *
 * @module
 */

import { checkKey } from "./names.ts";
import type { Metric, RunData } from "./store.ts";

/** A value of a metric in JSON, which has no NaN. */
export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

/** A metric as the REST API has it. */
export interface WireMetric {
  readonly key: string;
  readonly value: WireNumber;
  readonly timestamp: number;
  readonly step: number;
  readonly model_id?: string;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
}

/** A param or tag as the REST API has it. */
export interface WirePair {
  readonly key: string;
  readonly value: string;
}

/** The body of one call, without the run's id. */
export interface LogBatch {
  readonly params: readonly WirePair[];
  readonly metrics: readonly WireMetric[];
  readonly tags: readonly WirePair[];
}

/** Most entries of each kind and together, and bytes of JSON, in one call. */
export const LOG_LIMITS = {
  params: 100,
  metrics: 1000,
  tags: 100,
  together: 1000,
  bytes: 900_000,
} as const;

/** A server cuts longer values silently; cutting them here makes every backend store the same. */
const MAX_PARAM_LENGTH = 6000;
/** See {@linkcode MAX_PARAM_LENGTH}; MLflow 2 keeps the first 5000. */
const MAX_TAG_LENGTH = 8000;

/** Longest tag of a version in the registry. */
export const MAX_VERSION_TAG_LENGTH = 100_000;

type Entry =
  | { readonly kind: "params" | "tags"; readonly value: WirePair }
  | { readonly kind: "metrics"; readonly value: WireMetric };

/**
 * Splits what is to be logged into calls within the limits: params, then metrics, then tags, each in
 * the order given.
 *
 * @throws {UsageError} `mlflow.name-invalid` for a key that MLflow does not take
 */
export function* logBatches(data: RunData): Generator<LogBatch> {
  let batch = empty();
  for (const entry of entries(data)) {
    const bytes = encoder.encode(JSON.stringify(entry.value)).length + 1;
    if (!fits(batch, entry.kind, bytes)) {
      yield batch;
      batch = empty();
    }
    if (entry.kind === "metrics") batch.metrics.push(entry.value);
    else batch[entry.kind].push(entry.value);
    batch.bytes += bytes;
  }
  if (size(batch) > 0) yield batch;
}

/** Params as the REST API has them, cut. @throws {UsageError} `mlflow.name-invalid` */
export function wireParams(params: Readonly<Record<string, string>> = {}): WirePair[] {
  return pairs("param", params, MAX_PARAM_LENGTH);
}

/** Tags as the REST API has them, cut. @throws {UsageError} `mlflow.name-invalid` */
export function wireTags(
  tags: Readonly<Record<string, string>> = {},
  length = MAX_TAG_LENGTH,
): WirePair[] {
  return pairs("tag", tags, length);
}

/** A metric as the REST API has it. */
function toWireMetric(metric: Metric): WireMetric {
  return {
    key: metric.key,
    value: toWireNumber(metric.value),
    timestamp: metric.timestamp,
    step: metric.step ?? 0,
    ...(metric.modelId === undefined ? {} : { model_id: metric.modelId }),
    ...(metric.dataset === undefined
      ? {}
      : { dataset_name: metric.dataset.name, dataset_digest: metric.dataset.digest }),
  };
}

const encoder = new TextEncoder();

interface OpenBatch extends LogBatch {
  readonly params: WirePair[];
  readonly metrics: WireMetric[];
  readonly tags: WirePair[];
  bytes: number;
}

function empty(): OpenBatch {
  return { params: [], metrics: [], tags: [], bytes: 100 };
}

function size(batch: LogBatch): number {
  return batch.params.length + batch.metrics.length + batch.tags.length;
}

function fits(batch: OpenBatch, kind: Entry["kind"], bytes: number): boolean {
  return size(batch) === 0 ||
    (batch[kind].length < LOG_LIMITS[kind] && size(batch) < LOG_LIMITS.together &&
      batch.bytes + bytes <= LOG_LIMITS.bytes);
}

function* entries(data: RunData): Generator<Entry> {
  for (const value of wireParams(data.params)) yield { kind: "params", value };
  for (const metric of data.metrics ?? []) {
    checkKey("metric", metric.key);
    yield { kind: "metrics", value: toWireMetric(metric) };
  }
  for (const value of wireTags(data.tags)) yield { kind: "tags", value };
}

function pairs(
  of: "param" | "tag",
  values: Readonly<Record<string, string>>,
  length: number,
): WirePair[] {
  return Object.entries(values).map(([key, value]) => {
    checkKey(of, key);
    return { key, value: value.slice(0, length) };
  });
}

function toWireNumber(value: number): WireNumber {
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "Infinity";
  return value === -Infinity ? "-Infinity" : value;
}
