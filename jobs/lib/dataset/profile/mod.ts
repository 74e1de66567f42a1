/**
 * What data looks like, in one pass and bounded memory.
 *
 * @module
 */
export { type ColumnProfile, DatasetProfile, profileOf } from "./profile.ts";
export { parseProfile, profileJson } from "./profile_json.ts";
export { numbersOf, type NumericColumn, NumericProfile } from "./numeric.ts";
export { TextualProfile } from "./textual.ts";
export type { Counts } from "./counts.ts";
export { DistinctSketch } from "./distinct.ts";
export { FrequentValues } from "./frequent.ts";
export { deviation, type Moments } from "./moments.ts";
export { quantiles, QuantileSketch, quantilesOf, type WeightedValues } from "./quantiles.ts";
export {
  categoriesOf,
  type CommonStatistics,
  type FeatureStatistics,
  type NumericalStatistics,
  parseStatistics,
  sketchOf,
  type Statistics,
  type StringStatistics,
} from "./statistics.ts";
export { statisticsOf, statisticsOfColumn } from "./statistics_of.ts";
export { finalize, firstHalf, type Hash, type Hashes, hashesOf, secondHalf } from "./hash.ts";
