import type { DataReport } from "../../dataset/mod.ts";
import type { Point } from "../curves.ts";
import type { Champion, EvaluationReport, GateVerdict } from "../gate.ts";
import type { Residuals } from "../residuals.ts";
import type { ComparableMetric } from "../weighted.ts";

/** What is drawn of one model's predictions. */
export interface EvaluationDetails {
  /** One class against the rest each; with two classes only the second. */
  readonly curves: readonly ClassCurves[];
  /** Of a regression. */
  readonly residuals?: Residuals;
  /** A metric with the first 1, 2, … trees. */
  readonly byTrees?: { readonly metric: ComparableMetric; readonly points: readonly Point[] };
}

/** Curves of one class. */
export interface ClassCurves {
  /** The class, as text. */
  readonly class: string;
  /** See `thresholdCurves`. */
  readonly roc: readonly Point[];
  /** Likewise. */
  readonly precisionRecall: readonly Point[];
}

/** How much a column helps. */
export interface Importance {
  /** Column of the model's matrix. */
  readonly feature: string;
  /** In a unit that the list has in common. */
  readonly importance: number;
  /** Standard deviation of it, where it was measured several times. */
  readonly deviation?: number;
}

/** What only the training knew; `training.json` of the bundle. */
export interface TrainingFacts {
  /** When it ended, ISO 8601. */
  readonly created_at: string;
  /** How long the trees took to grow. */
  readonly seconds: number;
  /** Rows that were learnt from. */
  readonly rows: number;
  /** Every option, given and defaulted. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Metrics on rows that were learnt from, or a part of them. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Shares of the decrease in impurity, the greatest first. */
  readonly importances: readonly Importance[];
  /** The score of the rows by the trees that did not draw them. */
  readonly out_of_bag: {
    readonly score: number;
    readonly by_trees: readonly Point[];
  } | null;
  /** What was found in the training data. */
  readonly data: DataReport;
  /** Where it came from. */
  readonly source: { readonly uri: string; readonly digest: string };
}

/** Everything that a report and a model card tell of. */
export interface ReportContent {
  /** The model. */
  readonly model: {
    readonly name: string;
    /** SHA-256 of `model.onnx`. */
    readonly digest: string;
    /** MLflow's id of the run that trained it. */
    readonly runId?: string | undefined;
    /** Of the registry, if it is there already. */
    readonly version?: string | undefined;
    /** Column that it predicts. */
    readonly label: string;
    /** Raw columns that it takes. */
    readonly features: number;
  };
  /** When it was measured, ISO 8601. */
  readonly measuredAt: string;
  /** The rows that it was measured on. */
  readonly data: { readonly name: string; readonly uri: string; readonly digest: string };
  /** What came out. */
  readonly report: EvaluationReport;
  /** What is drawn of it. */
  readonly details: EvaluationDetails;
  /** The champion on the same rows. */
  readonly champion?: Champion & { readonly details?: EvaluationDetails };
  /** What the gate says. */
  readonly verdict?: GateVerdict;
  /** Drop of a metric when a column is shuffled, the greatest first. */
  readonly permutation?: {
    readonly metric: string;
    readonly importances: readonly Importance[];
  };
  /** Undefined for a bundle without `training.json`. */
  readonly training?: TrainingFacts;
}
