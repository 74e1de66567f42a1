import { deviation, type Moments } from "./moments.ts";
import type { NumericProfile } from "./numeric.ts";
import type { ColumnProfile, DatasetProfile } from "./profile.ts";
import { type QuantileSketch, SKETCH } from "./quantiles.ts";
import type {
  FeatureStatistics,
  NumericalStatistics,
  Statistics,
  StringStatistics,
} from "./statistics.ts";
import type { TextualProfile } from "./textual.ts";

const BUCKETS = 10;
/** Most categories that a file lists; a text column has more than anybody reads. */
const LISTED = 1_000;

/** A profile as `statistics.json`. */
export function statisticsOf(profile: DatasetProfile): Statistics {
  return {
    version: 0,
    dataset: { item_count: profile.rows },
    features: [...profile.columns.values()].map(statisticsOfColumn),
  };
}

/** One column of {@linkcode statisticsOf}. */
export function statisticsOfColumn(column: ColumnProfile): FeatureStatistics {
  const { name, kind, type } = column;
  return column.kind === "string"
    ? { name, inferred_type: "String", kind, type, string_statistics: strings(column.values) }
    : {
      name,
      inferred_type: column.values.fractional === 0 ? "Integral" : "Fractional",
      kind,
      type,
      numerical_statistics: numbers(column.values),
    };
}

function numbers(profile: NumericProfile): NumericalStatistics {
  const { moments } = profile;
  const known = moments.count > 0;
  return {
    common: { num_present: profile.present, num_missing: profile.missing },
    num_infinite: profile.infinite,
    num_fractional: profile.fractional,
    mean: known ? finite(moments.mean) : null,
    sum: known ? finite(moments.mean * moments.count) : null,
    std_dev: known ? finite(deviation(moments)) : null,
    min: known ? moments.min : null,
    max: known ? moments.max : null,
    approximate_num_distinct_values: Math.min(profile.distinct.count, profile.present),
    distribution: {
      kll: {
        buckets: bucketsOf(profile.quantiles, moments),
        sketch: { parameters: SKETCH, data: profile.quantiles.toLevels() },
      },
    },
  };
}

/** Ten buckets of equal width; a value on a bound counts above it, the greatest below. */
function bucketsOf(sketch: QuantileSketch, { count, min, max }: Moments) {
  if (count === 0) return [];
  const width = max / BUCKETS - min / BUCKETS;
  const counts = new Float64Array(BUCKETS);
  for (const { values, weight } of sketch.levels()) {
    for (const value of values) {
      const at = width > 0 ? Math.floor(value / width - min / width) : 0;
      const bucket = Math.min(BUCKETS - 1, Math.max(0, at));
      counts[bucket] = (counts[bucket] ?? 0) + weight;
    }
  }
  // Not min + i * width: the width of the whole range can overflow.
  const bound = (i: number) => min * (1 - i / BUCKETS) + max * (i / BUCKETS);
  return Array.from(counts, (count, i) => ({
    lower_bound: bound(i),
    upper_bound: bound(i + 1),
    count,
  }));
}

function strings(profile: TextualProfile): StringStatistics {
  const { lengths, frequent } = profile;
  const entries = frequent.entries();
  return {
    common: { num_present: profile.present, num_missing: profile.missing },
    distinct_count: frequent.error === 0
      ? entries.length
      : Math.min(profile.distinct.count, profile.present),
    ...(lengths.count === 0
      ? {}
      : { lengths: { min: lengths.min, max: lengths.max, mean: lengths.mean } }),
    distribution: {
      categorical: {
        buckets: entries.slice(0, LISTED).map(([value, count]) => ({ value, count })),
      },
    },
  };
}

/** Values near the largest double overflow, and JSON has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
