import {
  type Batch,
  type Constraints,
  DatasetProfile,
  type FeatureSchema,
  inferConstraints,
  type Statistics,
  statisticsOf,
} from "../lib/dataset/mod.ts";

/** What the training data looked like, and what later data has to look like. */
export interface Baseline {
  /** Of the features and the label. */
  readonly statistics: Statistics;
  /** Of the features. */
  readonly constraints: Constraints;
}

/** The baseline that travels with a model. */
export function baselineOf(table: Batch, schema: FeatureSchema): Baseline {
  const features = schema.features.map(({ name }) => name);
  const named = new Set([...features, schema.target.label]);
  const profile = new DatasetProfile();
  profile.add({ ...table, columns: table.columns.filter(({ name }) => named.has(name)) });
  const statistics = statisticsOf(profile);
  return { statistics, constraints: inferConstraints(statistics, features) };
}
