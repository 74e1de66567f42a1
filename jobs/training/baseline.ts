import {
  type Constraints,
  type DatasetProfile,
  type FeatureSchema,
  inferConstraints,
  type Statistics,
  statisticsOf,
} from "../lib/dataset/mod.ts";

/** What the training data looked like, and what later data has to look like. */
export interface Baseline {
  /** Of the features and the label. */
  readonly statistics: Statistics;
  /** Of the features, or as they were given. */
  readonly constraints: Constraints;
}

/**
 * The baseline that travels with a model.
 *
 * @param given constraints that somebody wrote; they travel as they are
 */
export function baselineOf(
  profile: DatasetProfile,
  schema: FeatureSchema,
  given: Constraints | undefined,
): Baseline {
  const features = schema.features.map(({ name }) => name);
  const named = new Set([...features, schema.target.label]);
  const all = statisticsOf(profile);
  const statistics = { ...all, features: all.features.filter(({ name }) => named.has(name)) };
  return { statistics, constraints: given ?? inferConstraints(statistics, features) };
}
