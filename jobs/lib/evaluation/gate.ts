import type { ClassificationReport } from "./classification.ts";
import type { Comparison } from "./compare.ts";
import type { RegressionReport } from "./regression.ts";
import { greaterIsBetter } from "./weighted.ts";

/** What was measured, of either kind. */
export type EvaluationReport = ClassificationReport | RegressionReport;

/** Bounds on metrics by name: `min` must be reached, `max` not exceeded. */
export type Thresholds = Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;

/** What a new version has to be as good as, on the same rows; a part of `evaluation.json`. */
export type Champion =
  & {
    /** Its version in the registry. */
    readonly version: string;
  }
  & ({
    /** Its metrics on the rows that the new version was measured on. */
    readonly metrics: Readonly<Record<string, number>>;
    /** The new version beside it. */
    readonly comparison: Comparison;
  } | {
    /** Why it cannot be measured on these rows; then only the thresholds count. */
    readonly unfit: string;
  });

/**
 * What decides where the interval of the gain holds the least gain, so that chance may be at work: the
 * gain itself, or always one of the two.
 */
export type Doubt = "estimate" | "pass" | "fail";

/** What the gate asks for. */
export interface GateRules {
  /** Bounds that hold whatever the champion is. */
  readonly thresholds: Thresholds;
  /** Least gain over the champion; below 0 for how much worse still passes. 0 unless told. */
  readonly minGain?: number;
  /** See {@linkcode Doubt}; `estimate` unless told. */
  readonly doubt?: Doubt;
}

/** The gate's verdict; a part of `evaluation.json`. */
export interface GateVerdict {
  /** Whether the version may become champion. */
  readonly passed: boolean;
  /** Why not, one sentence each; empty when passed. */
  readonly reasons: readonly string[];
}

/**
 * Decides whether a version may become champion: every threshold is met, and it is not worse than the
 * champion on the same rows.
 */
export function judge(
  report: EvaluationReport,
  { thresholds, minGain = 0, doubt = "estimate" }: GateRules,
  champion?: Champion,
): GateVerdict {
  const reasons: string[] = [];
  for (const [name, { min, max }] of Object.entries(thresholds)) {
    const value = report.metrics[name];
    if (value === undefined) reasons.push(`${name} could not be measured`);
    else if (min !== undefined && value < min) {
      reasons.push(`${name} is ${shown(value, min)}, below the threshold ${min}`);
    } else if (max !== undefined && value > max) {
      reasons.push(`${name} is ${shown(value, max)}, above the threshold ${max}`);
    }
  }
  if (champion !== undefined && "comparison" in champion) {
    const { metric, gain } = champion.comparison;
    const deciding = decidingGain(champion.comparison, minGain, doubt);
    if (Number.isNaN(gain)) {
      reasons.push(
        `${metric} cannot be measured on these rows, so that champion version ` +
          `${champion.version} stays`,
      );
    } else if (deciding < minGain) {
      reasons.push(worse(champion.version, champion.comparison, minGain, doubt));
    }
  }
  return { passed: reasons.length === 0, reasons };
}

/** The metric that compares two models of one kind, unless another is chosen. */
export function headlineMetric(objective: EvaluationReport["objective"]): "roc_auc" | "rmse" {
  return objective === "classification" ? "roc_auc" : "rmse";
}

function decidingGain({ gain, interval }: Comparison, minGain: number, doubt: Doubt): number {
  if (interval === null || doubt === "estimate") return gain;
  const [low, high] = interval;
  if (low > minGain || high < minGain) return gain;
  return doubt === "pass" ? high : low;
}

function worse(
  version: string,
  { metric, ours, theirs, gain, interval, confidence }: Comparison,
  minGain: number,
  doubt: Doubt,
): string {
  const apart = `${metric} is ${shown(ours, theirs)} where champion version ${version} has ` +
    `${shown(theirs, ours)} on the same rows`;
  const range = interval === null
    ? ""
    : ` (${Math.round(confidence * 100)} % interval ${signed(interval[0])} to ${
      signed(interval[1])
    })`;
  const worse = greaterIsBetter(metric) ? ours < theirs : ours > theirs;
  if (worse || minGain === 0) {
    return doubt === "fail" && gain >= minGain
      ? `${apart}, which chance could explain: the gain is ${signed(gain)}${range}`
      : `${apart}, which is worse by ${shown(-gain, 0)}${range}`;
  }
  return `${apart}: the gain is ${signed(gain)}${range}, and at least ${minGain} is asked for`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${shown(Math.abs(value), 0)}`;
}

/** In four places, unless the difference is in the others. */
function shown(value: number, beside: number): string {
  return value !== beside && value.toFixed(4) === beside.toFixed(4)
    ? String(value)
    : value.toFixed(4);
}
