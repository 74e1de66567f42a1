import {
  type Constraints,
  DatasetProfile,
  type FeatureSchema,
  inferConstraints,
  predictionTable,
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

/** What the model predicted for rows that it had not seen: what later predictions are compared with. */
export function predictionsOf(
  { target }: FeatureSchema,
  outputs: readonly Float32Array[],
): Statistics {
  const profile = new DatasetProfile();
  profile.add(predictionTable(target, outputs));
  return statisticsOf(profile);
}
