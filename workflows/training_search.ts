import { type Step, type TrainingJob, tuning, type Value } from "./definition/mod.ts";
import { SURROUNDINGS } from "./jobs.ts";

/** How hyperparameters are searched. */
export interface Search {
  /** Trainings in all. */
  readonly maxJobs: number;
  /** Trainings at the same time. */
  readonly maxParallelJobs: number;
}

/** Many trainings instead of one; the next steps take the best. */
export function searchedTraining(
  search: Search,
  job: Omit<TrainingJob, "hyperparameters">,
  hyperparameters: Readonly<Record<string, Value<string>>>,
  after: Step,
): Step & { readonly model: Value<string> } {
  const { n_estimators: _, max_depth: __, min_samples_leaf: ___, ...fixed } = hyperparameters;
  const step = tuning("Train", {
    description: "Grow forests with other hyperparameters, and keep the best",
    dependsOn: [after],
    retry: SURROUNDINGS.retry,
    tags: SURROUNDINGS.tags,
    job,
    hyperparameters: fixed,
    ranges: {
      n_estimators: { kind: "integer", min: 50, max: 500 },
      max_depth: { kind: "integer", min: 4, max: 24 },
      min_samples_leaf: { kind: "integer", min: 1, max: 50 },
    },
    objective: { metric: "roc_auc", type: "Maximize" },
    ...search,
  });
  return { name: step.name, toJSON: () => step.toJSON(), model: step.bestModel };
}
