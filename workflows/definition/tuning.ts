import { type Expression, Get, join, type Value } from "./expression.ts";
import { type Tags, tagsJson } from "./job.ts";
import { type JobStepOptions, type Step, stepJson } from "./step.ts";
import { type TrainingJob, trainingJobJson } from "./training.ts";

/** The values of a hyperparameter that a tuning tries. */
export type Range =
  | { readonly kind: "integer" | "continuous"; readonly min: number; readonly max: number }
  | { readonly kind: "categorical"; readonly values: readonly string[] };

/** What a tuning tries. */
export interface TuningOptions extends JobStepOptions {
  /** Each of its jobs; `metrics` must have the objective's. */
  readonly job: Omit<TrainingJob, "hyperparameters">;
  /** The same in all jobs. */
  readonly hyperparameters: Readonly<Record<string, Value<string>>>;
  /** What is tried, by hyperparameter. */
  readonly ranges: Readonly<Record<string, Range>>;
  /** How; `Bayesian` unless told. */
  readonly strategy?: "Bayesian" | "Random" | "Hyperband";
  /** What is best. */
  readonly objective: { readonly metric: string; readonly type: "Maximize" | "Minimize" };
  /** Trainings in all. */
  readonly maxJobs: Value<number>;
  /** Trainings at the same time. */
  readonly maxParallelJobs: Value<number>;
  /** Ends the jobs that fall behind. */
  readonly stopEarly?: boolean;
  /** Same seed: same choices, as far as the strategy allows. */
  readonly seed?: number;
  /** Tags of the tuning. */
  readonly tags?: Tags;
}

/** A tuning step, and what other steps may use of it. */
export interface TuningStep extends Step {
  /** Name of the best job. */
  readonly bestJobName: Get<string>;
  /** S3 URI of the best job's `model.tar.gz`. */
  readonly bestModel: Expression<string>;
}

/** A step that trains with many settings of the hyperparameters. */
export function tuning(name: string, options: TuningOptions): TuningStep {
  const bestJobName = new Get<string>(`Steps.${name}.BestTrainingJob.TrainingJobName`);
  return {
    name,
    bestJobName,
    bestModel: join("/", options.job.outputTo, bestJobName, "output/model.tar.gz"),
    toJSON: () => stepJson(name, "Tuning", { Arguments: argumentsJson(options) }, options),
  };
}

function argumentsJson(options: TuningOptions): Readonly<Record<string, unknown>> {
  const { objective, seed } = options;
  return {
    HyperParameterTuningJobConfig: {
      Strategy: options.strategy ?? "Bayesian",
      HyperParameterTuningJobObjective: { Type: objective.type, MetricName: objective.metric },
      ResourceLimits: {
        MaxNumberOfTrainingJobs: options.maxJobs,
        MaxParallelTrainingJobs: options.maxParallelJobs,
      },
      ParameterRanges: rangesJson(options.ranges),
      TrainingJobEarlyStoppingType: options.stopEarly ? "Auto" : "Off",
      RandomSeed: seed,
    },
    TrainingJobDefinition: {
      StaticHyperParameters: options.hyperparameters,
      ...trainingJobJson(options.job),
    },
    Tags: tagsJson(options.tags),
  };
}

function rangesJson(ranges: TuningOptions["ranges"]): Readonly<Record<string, unknown>> {
  const numeric = (wanted: "integer" | "continuous") =>
    Object.entries(ranges).flatMap(([Name, range]) =>
      range.kind === wanted
        ? [{ Name, MinValue: `${range.min}`, MaxValue: `${range.max}`, ScalingType: "Auto" }]
        : []
    );
  return {
    IntegerParameterRanges: numeric("integer"),
    ContinuousParameterRanges: numeric("continuous"),
    CategoricalParameterRanges: Object.entries(ranges).flatMap(([Name, range]) =>
      range.kind === "categorical" ? [{ Name, Values: range.values }] : []
    ),
  };
}
