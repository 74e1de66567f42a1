/**
 * How far a day's data has moved from the training data, feature by feature.
 *
 * @module
 */
import type { Constraints } from "../constraints/mod.ts";
import {
  categoriesOf,
  type FeatureStatistics,
  quantilesOf,
  sketchOf,
  type Statistics,
  type WeightedValues,
} from "../profile/mod.ts";
import { jensenShannon, kolmogorovSmirnov, populationStability } from "./distance.ts";

/** How far a feature may move. */
export interface DriftThresholds {
  /** Population stability index; 0.1 is a small change, 0.25 a large one, by convention. */
  readonly stability: number;
  /** Change of the share of missing values. */
  readonly missing: number;
}

/** What is usual. */
export const DRIFT_THRESHOLDS: DriftThresholds = { stability: 0.2, missing: 0.1 };

/**
 * The thresholds for data that has to keep constraints: as told, or theirs, or what is usual.
 *
 * @param told stability index
 */
export function driftThresholds(
  constraints: Constraints | undefined,
  told?: number,
): DriftThresholds {
  const rules = constraints?.monitoring_config?.distribution_constraints;
  if (told === undefined && rules?.perform_comparison === "Disabled") {
    return { stability: Infinity, missing: Infinity };
  }
  const stability = told ?? rules?.comparison_threshold ?? DRIFT_THRESHOLDS.stability;
  return { ...DRIFT_THRESHOLDS, stability };
}

/** Whether a feature that has moved so far has drifted. */
export function hasDrifted(
  { stability, missing_change }: Pick<FeatureDrift, "stability" | "missing_change">,
  thresholds: DriftThresholds,
): boolean {
  return stability > thresholds.stability || Math.abs(missing_change) > thresholds.missing;
}

/** How far one feature has moved. */
export interface FeatureDrift {
  /** Column. */
  readonly name: string;
  /** Population stability index over the deciles of the training data, or over the categories. */
  readonly stability: number;
  /** Kolmogorov–Smirnov statistic, of numbers. */
  readonly kolmogorov_smirnov?: number;
  /** Jensen–Shannon distance, of categories. */
  readonly jensen_shannon?: number;
  /** Share of missing values now, less that in training. */
  readonly missing_change: number;
  /** Whether it is beyond a threshold. */
  readonly drifted: boolean;
  /** For people. */
  readonly description: string;
}

/** Rows below which nothing can be said. */
const FEW_ROWS = 100;
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * Compares the features of both, the one that moved most first. Timestamps are left out: time goes on.
 * A feature with fewer than 100 values on one side is not judged.
 */
export function driftOf(
  baseline: Statistics,
  current: Statistics,
  thresholds: DriftThresholds = DRIFT_THRESHOLDS,
): FeatureDrift[] {
  const before = new Map(baseline.features.map((feature) => [feature.name, feature]));
  return current.features.flatMap((feature) => {
    const old = before.get(feature.name);
    if (old === undefined || old.kind === "timestamp" || old.kind !== feature.kind) return [];
    return [featureDrift(old, feature, thresholds)];
  }).sort((a, b) => b.stability - a.stability || (a.name < b.name ? -1 : 1));
}

function featureDrift(
  old: FeatureStatistics,
  now: FeatureStatistics,
  { stability: most, missing: mostMissing }: DriftThresholds,
): FeatureDrift {
  const missing_change = missingShare(now) - missingShare(old);
  const enough = presentOf(old) >= FEW_ROWS && presentOf(now) >= FEW_ROWS;
  const distances = !enough
    ? { stability: 0 }
    : old.string_statistics === undefined
    ? numberDistances(old, now)
    : categoryDistances(old, now);
  const moved = distances.stability > most;
  const lost = Math.abs(missing_change) > mostMissing;
  const parts = [
    ...(moved ? [`its stability index is ${distances.stability.toFixed(2)}, above ${most}`] : []),
    ...(lost
      ? [`${percent(missingShare(now))} are missing instead of ${percent(missingShare(old))}`]
      : []),
  ];
  return {
    name: old.name,
    ...distances,
    missing_change,
    drifted: moved || lost,
    description: parts.length === 0
      ? `${old.name} is as in training`
      : `${old.name} has moved: ${parts.join("; ")}`,
  };
}

function numberDistances(old: FeatureStatistics, now: FeatureStatistics) {
  const before = sketchOf(old).weighted(), after = sketchOf(now).weighted();
  const bounds = [...new Set(quantilesOf(before, DECILES))];
  return {
    stability: populationStability(binned(before, bounds), binned(after, bounds)),
    kolmogorov_smirnov: kolmogorovSmirnov(before, after),
  };
}

/** Rows at or below the first bound, the second, …, and above the last. */
function binned({ values, weights }: WeightedValues, bounds: readonly number[]): number[] {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let bin = 0;
  for (let i = 0; i < values.length; i++) {
    while (bin < bounds.length && (values[i] ?? 0) > (bounds[bin] ?? Infinity)) bin++;
    counts[bin] = (counts[bin] ?? 0) + (weights[i] ?? 0);
  }
  return counts;
}

function categoryDistances(old: FeatureStatistics, now: FeatureStatistics) {
  const before = new Map(categoriesOf(old).entries()), after = new Map(categoriesOf(now).entries());
  // Those that a file does not list count as one.
  const rest = [old, now].map((feature, i) =>
    presentOf(feature) - [...(i === 0 ? before : after).values()].reduce((a, b) => a + b, 0)
  );
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const a = [...names.map((name) => before.get(name) ?? 0), Math.max(0, rest[0] ?? 0)];
  const b = [...names.map((name) => after.get(name) ?? 0), Math.max(0, rest[1] ?? 0)];
  return { stability: populationStability(a, b), jensen_shannon: jensenShannon(a, b) };
}

function presentOf(feature: FeatureStatistics): number {
  return (feature.numerical_statistics ?? feature.string_statistics)?.common.num_present ?? 0;
}

function missingShare(feature: FeatureStatistics): number {
  const common = (feature.numerical_statistics ?? feature.string_statistics)?.common;
  const rows = (common?.num_present ?? 0) + (common?.num_missing ?? 0);
  return rows === 0 ? 0 : (common?.num_missing ?? 0) / rows;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
