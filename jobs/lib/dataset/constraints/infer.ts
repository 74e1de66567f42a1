import type { FeatureStatistics, Statistics } from "../profile/mod.ts";
import type { Constraints, FeatureConstraints } from "./constraints.ts";

/** Strings with more values than this are text or names; new ones are no news. */
const MOST_CATEGORIES = 100;
/** A value that training has not seen is scored as such; many of them are another feed. */
const KNOWN_SHARE = 0.9;
/** Least share of rows with a value where training had no gap; a few gaps the model can score. */
const NEARLY_COMPLETE = 0.95;

/**
 * What later data has to look like: types, completeness, sign, categories. Lenient, because breaking
 * one stops a run; what merely differs from training is drift.
 *
 * @param columns only these; all unless told
 */
export function inferConstraints(statistics: Statistics, columns?: readonly string[]): Constraints {
  const features = columns === undefined
    ? statistics.features
    : statistics.features.filter(({ name }) => columns.includes(name));
  return {
    version: 0,
    features: features.map(constraintsOf),
    monitoring_config: {
      evaluate_constraints: "Enabled",
      emit_metrics: "Enabled",
      datatype_check_threshold: 1,
      domain_content_threshold: KNOWN_SHARE,
      distribution_constraints: {
        perform_comparison: "Enabled",
        comparison_threshold: 0.2,
        comparison_method: "Robust",
      },
    },
  };
}

function constraintsOf(feature: FeatureStatistics): FeatureConstraints {
  const { name, inferred_type, kind, numerical_statistics: numbers } = feature;
  const strings = feature.string_statistics;
  const common = (numbers ?? strings)?.common ?? { num_present: 0, num_missing: 0 };
  const categories = strings?.distribution.categorical.buckets ?? [];
  const listed = strings !== undefined && strings.distinct_count <= MOST_CATEGORIES;
  return {
    name,
    inferred_type,
    ...(kind === undefined ? {} : { kind }),
    // A column with gaps may have more of them on a day; drift says so.
    ...(common.num_missing === 0 ? { completeness: NEARLY_COMPLETE } : {}),
    ...(numbers !== undefined && isCount(feature)
      ? { num_constraints: { is_non_negative: true } }
      : {}),
    ...(listed
      ? { string_constraints: { domains: categories.map(({ value }) => value).sort() } }
      : {}),
  };
}

/** Whole numbers from 0 or above: a count, a code, an age. A measurement may go below any day. */
function isCount(
  { inferred_type, kind, numerical_statistics: numbers }: FeatureStatistics,
): boolean {
  return inferred_type === "Integral" && kind === "number" && (numbers?.min ?? -1) >= 0;
}
