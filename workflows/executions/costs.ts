import type { StepStatus } from "./status.ts";

/** What an execution has cost, as far as its machines go. */
export interface CostEstimate {
  /** Machine hours by instance type. */
  readonly instanceHours: Readonly<Record<string, number>>;
  /** In US dollars; null where the price of a type is not known. */
  readonly usd: number | null;
  /** Types whose price is not known. */
  readonly unpriced: readonly string[];
}

/**
 * AWS's list prices in us-east-1 of a machine hour for training and processing, US dollars. Prices
 * change and differ by region: an estimate, and for other types or regions `--price` says them.
 */
const LIST_PRICES: Readonly<Record<string, number>> = {
  "ml.t3.medium": 0.05,
  "ml.m5.large": 0.115,
  "ml.m5.xlarge": 0.23,
  "ml.m5.2xlarge": 0.461,
  "ml.m5.4xlarge": 0.922,
};

/** Estimates the costs of an execution's steps; a step from the cache costs nothing. */
export function estimateCosts(
  steps: readonly Pick<StepStatus, "cached" | "job">[],
  prices: Readonly<Record<string, number>> = {},
): CostEstimate {
  const hours: Record<string, number> = {};
  for (const { cached, job } of steps) {
    if (cached || job === null || job.instanceSeconds === 0) continue;
    const type = job.instanceType ?? "unknown";
    hours[type] = (hours[type] ?? 0) + job.instanceSeconds / 3600;
  }
  const priceOf = (type: string) => prices[type] ?? LIST_PRICES[type];
  const unpriced = Object.keys(hours).filter((type) => priceOf(type) === undefined);
  const usd = Object.entries(hours)
    .reduce((sum, [type, time]) => sum + time * (priceOf(type) ?? 0), 0);
  return {
    instanceHours: Object.fromEntries(
      Object.entries(hours).map(([type, time]) => [type, Number(time.toFixed(4))]),
    ),
    usd: unpriced.length > 0 ? null : Number(usd.toFixed(4)),
    unpriced,
  };
}
