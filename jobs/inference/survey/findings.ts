/**
 * What a survey says, held against what the model brings along.
 *
 * @module
 */

import {
  checkConstraints,
  type Constraints,
  driftOf,
  type DriftThresholds,
  type FeatureDrift,
  judged,
  type Observed,
  type Statistics,
  statisticsOf,
  type Violation,
  type ViolationPolicy,
} from "../../lib/dataset/mod.ts";
import type { Baseline } from "./baseline.ts";
import type { Survey } from "./survey.ts";

/** How strict to be. */
export interface Policy {
  /** What a broken constraint is. */
  readonly onViolation: ViolationPolicy;
  /** What drift is. */
  readonly onDrift: "fail" | "warn";
  /** When something has drifted. */
  readonly thresholds: DriftThresholds;
}

/** What was found. */
export interface Findings {
  /** Of the columns that the model takes; empty where they are not all there. */
  readonly statistics: Statistics;
  /** With one of severity `error` the day is not to be scored. */
  readonly violations: readonly Violation[];
  /** Every feature, the one that moved most first; none without a baseline. */
  readonly drift: readonly FeatureDrift[];
  /** What is predicted, against what was predicted for the rows that training held out. */
  readonly predictions: readonly FeatureDrift[];
}

/** Names of everything that has drifted, predictions last. */
export function driftedIn(
  { drift, predictions }: Pick<Findings, "drift" | "predictions">,
): string[] {
  return [...drift, ...predictions].filter(({ drifted }) => drifted).map(({ name }) => name);
}

/**
 * Holds a survey against a baseline.
 *
 * @param columns that the model takes
 * @param seen what else was looked at
 */
export function findingsOf(
  { features, predictions, tally }: Survey,
  baseline: Baseline,
  columns: readonly string[],
  policy: Policy,
  seen: Pick<Observed, "repeated"> = {},
): Findings {
  const statistics = statisticsOf(features);
  const constraints = baseline.constraints && constraintsOn(baseline.constraints, columns);
  const empty = emptyFeatures(statistics);
  const broken = constraints === undefined
    ? []
    : checkConstraints({ statistics, tally, ...seen }, constraints)
      .filter(({ feature_name }) => empty.every((each) => each.feature_name !== feature_name));
  const drift = baseline.statistics === undefined
    ? []
    : driftOf(baseline.statistics, statistics, policy.thresholds);
  const predicted = baseline.predictions === undefined
    ? []
    : driftOf(baseline.predictions, statisticsOf(predictions), policy.thresholds);
  return {
    statistics,
    violations: [
      ...empty,
      ...broken.map((each) => judged(each, policy.onViolation)),
      ...driftViolations([...drift, ...predicted], policy.onDrift),
    ],
    drift,
    predictions: predicted,
  };
}

/** A feature without any value is a broken feed, though the model could score it. */
function emptyFeatures({ features }: Statistics): Violation[] {
  return features.filter(({ numerical_statistics, string_statistics }) =>
    (numerical_statistics ?? string_statistics)?.common.num_present === 0
  ).map(({ name }) => ({
    feature_name: name,
    constraint_check_type: "completeness_check",
    description: `${name} is missing in every row`,
    severity: "error",
  }));
}

/** Drift among the violations. */
function driftViolations(
  drift: readonly FeatureDrift[],
  onDrift: Policy["onDrift"],
): Violation[] {
  return drift.filter(({ drifted }) => drifted).map(({ name, description }) => ({
    feature_name: name,
    constraint_check_type: "baseline_drift_check",
    description,
    severity: onDrift === "fail" ? "error" : "warning",
  }));
}

/** Rules about columns that the model does not take say nothing about a day to score. */
function constraintsOn(constraints: Constraints, columns: readonly string[]): Constraints {
  const features = constraints.features.filter(({ name }) => columns.includes(name));
  return { ...constraints, features };
}
