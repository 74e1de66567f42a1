/**
 * The quality gate as the options describe it: thresholds, then the champion.
 *
 * @module
 */

import type { Values } from "../lib/config.ts";
import type { Objective } from "../lib/dataset/mod.ts";
import { UsageError } from "../lib/errors.ts";
import {
  COMPARABLE,
  type ComparableMetric,
  type GateRules,
  type GateVerdict,
  headlineMetric,
  judge,
  type Thresholds,
} from "../lib/evaluation/mod.ts";
import type { Log } from "../lib/log.ts";
import type { Store } from "../lib/mlflow/mod.ts";
import { type Challenger, type ComparedChampion, compareWithChampion } from "./champion.ts";
import type { gateOptions } from "./options.ts";

/** What a version has to meet, and how it is compared. */
export interface Gate extends GateRules {
  readonly metric: ComparableMetric;
  readonly confidence: number;
}

/** What came out. */
export interface Judgement {
  readonly verdict: GateVerdict;
  /** Undefined where there is none yet. */
  readonly champion?: ComparedChampion;
}

/**
 * The gate that the options describe.
 *
 * @throws {UsageError} `gate.metric-objective`
 */
export function gateOf(values: Values<typeof gateOptions>, objective: Objective): Gate {
  const metric = values.gateMetric ?? headlineMetric(objective);
  if (!(metric in COMPARABLE[objective])) {
    throw new UsageError({
      code: "gate.metric-objective",
      cannot: `compare models by ${metric}`,
      found: `they are for ${objective}`,
      todo: `Choose one of ${Object.keys(COMPARABLE[objective]).join(", ")}`,
      place: { option: "--gate-metric" },
    });
  }
  return {
    thresholds: thresholds(values, objective),
    minGain: values.gateMinGain,
    doubt: values.gateDoubt,
    metric,
    confidence: values.gateConfidence,
  };
}

/** Judges a challenger, beside the champion that there is now. */
export async function judgeChallenger(
  store: Store,
  model: string,
  challenger: Challenger,
  gate: Gate,
  log: Log,
): Promise<Judgement> {
  const found = await store.findAlias(model, "champion");
  const { report } = challenger.measurement;
  if (found === undefined) return { verdict: judge(report, gate) };
  const champion = await compareWithChampion(store, found, challenger, gate, log);
  return { verdict: judge(report, gate, champion), champion };
}

function thresholds(values: Values<typeof gateOptions>, objective: Objective): Thresholds {
  if (objective === "classification") {
    return { accuracy: { min: values.minAccuracy }, roc_auc: { min: values.minRocAuc } };
  }
  return {
    ...(values.maxRmse === undefined ? {} : { rmse: { max: values.maxRmse } }),
    ...(values.minR2 === undefined ? {} : { r2: { min: values.minR2 } }),
  };
}
