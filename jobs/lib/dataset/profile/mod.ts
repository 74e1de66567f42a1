/**
 * What data looks like, in one pass and bounded memory.
 *
 * @module
 */
export { type ColumnProfile, DatasetProfile, profileOf } from "./profile.ts";
export { parseProfile, profileJson } from "./profile_json.ts";
export { numbersOf, type NumericColumn, NumericProfile } from "./numeric.ts";
export { TextualProfile } from "./textual.ts";
export { DistinctSketch } from "./distinct.ts";
export { FrequentValues } from "./frequent.ts";
export { deviation, type Moments } from "./moments.ts";
export {
  type Counts,
  quantiles,
  QuantileSketch,
  quantilesOf,
  type WeightedValues,
} from "./quantiles.ts";
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
export { finalize, firstHalf, type Hashes, hashesOf, secondHalf } from "./hash.ts";
