import type { FeatureStatistics, Statistics } from "../profile/mod.ts";
import type { Constraints, FeatureConstraints } from "./constraints.ts";

/** Strings with more values than this are text or names; new ones are no news. */
const MOST_CATEGORIES = 100;
/** A value that training has not seen is scored as such; many of them are another feed. */
const KNOWN_SHARE = 0.9;
/** How much more may be missing than in training before it is worth a word. */
const SLACK = 0.05;

/**
 * What later data has to look like to be like this: types, completeness, sign, categories.
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
    completeness: completeness(common.num_present, common.num_missing),
    ...(numbers === undefined
      ? {}
      : { num_constraints: { is_non_negative: (numbers.min ?? 0) >= 0 } }),
    ...(listed
      ? { string_constraints: { domains: categories.map(({ value }) => value).sort() } }
      : {}),
  };
}

/** Least share of rows with a value: none may be missing where none was. */
function completeness(present: number, missing: number): number {
  if (missing === 0) return 1;
  return Math.max(0, Math.floor((present / (present + missing) - SLACK) * 1_000) / 1_000);
}
