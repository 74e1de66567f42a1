/**
 * A profile in the shape of SageMaker Model Monitor's `statistics.json`.
 *
 * Beyond Model Monitor's: `type` and `kind` of a column, `num_infinite`, `num_fractional`,
 * `approximate_num_distinct_values` of numbers, `lengths` of strings. Booleans are integers 0 and 1,
 * timestamps microseconds since 1970.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-statistics.html
 * @module
 */
import { z } from "zod";
import { DataError, issuesOf } from "../../errors.ts";
import type { ColumnKind } from "../column.ts";
import { FrequentValues } from "./frequent.ts";
import { levelsSchema, QuantileSketch } from "./quantiles.ts";

const countSchema = z.number().int().min(0);
const commonSchema = z.object({ num_present: countSchema, num_missing: countSchema });

const numericalSchema = z.object({
  common: commonSchema,
  num_infinite: countSchema.default(0),
  num_fractional: countSchema.default(0),
  mean: z.number().nullable(),
  sum: z.number().nullable(),
  std_dev: z.number().min(0).nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  approximate_num_distinct_values: countSchema.optional(),
  distribution: z.object({
    kll: z.object({
      buckets: z.array(z.object({
        lower_bound: z.number(),
        upper_bound: z.number(),
        count: z.number().min(0),
      })).max(1_000),
      sketch: z.object({
        parameters: z.object({ c: z.number(), k: z.number() }),
        data: levelsSchema,
      }),
    }),
  }),
});

const stringSchema = z.object({
  common: commonSchema,
  distinct_count: countSchema,
  lengths: z.object({ min: countSchema, max: countSchema, mean: z.number().min(0) }).optional(),
  distribution: z.object({
    categorical: z.object({
      buckets: z.array(z.object({ value: z.string(), count: z.number().min(0) })).max(100_000),
    }),
  }),
});

const featureSchema = z.object({
  name: z.string(),
  inferred_type: z.enum(["Integral", "Fractional", "String", "Unknown"]),
  kind: z.enum(["number", "boolean", "timestamp", "string"]).optional(),
  type: z.string().optional(),
  numerical_statistics: numericalSchema.optional(),
  string_statistics: stringSchema.optional(),
});

const statisticsSchema = z.object({
  version: z.number(),
  dataset: z.object({ item_count: countSchema }),
  features: z.array(featureSchema).max(100_000),
});

/** Rows with and without a value. */
export interface CommonStatistics {
  /** Rows with a value. */
  readonly num_present: number;
  /** Rows without. */
  readonly num_missing: number;
}

/** What `statistics.json` says of a column of numbers; null where there is no number. */
export interface NumericalStatistics {
  /** Rows. */
  readonly common: CommonStatistics;
  /** Rows with an infinite value. */
  readonly num_infinite: number;
  /** Rows with a value that is not whole. */
  readonly num_fractional: number;
  /** Of the finite values. */
  readonly mean: number | null;
  /** Of the finite values. */
  readonly sum: number | null;
  /** Of the finite values, as of a population. */
  readonly std_dev: number | null;
  /** Of the finite values. */
  readonly min: number | null;
  /** Of the finite values. */
  readonly max: number | null;
  /** Estimated, within a few percent. */
  readonly approximate_num_distinct_values?: number | undefined;
  /** How the values are spread. */
  readonly distribution: {
    readonly kll: {
      readonly buckets: readonly {
        readonly lower_bound: number;
        readonly upper_bound: number;
        readonly count: number;
      }[];
      readonly sketch: {
        readonly parameters: { readonly c: number; readonly k: number };
        readonly data: readonly (readonly number[])[];
      };
    };
  };
}

/** What `statistics.json` says of a column of strings. */
export interface StringStatistics {
  /** Rows. */
  readonly common: CommonStatistics;
  /** Different values; estimated where there are many. */
  readonly distinct_count: number;
  /** In UTF-16 code units. */
  readonly lengths?: {
    readonly min: number;
    readonly max: number;
    readonly mean: number;
  } | undefined;
  /** How the values are spread. */
  readonly distribution: {
    readonly categorical: {
      readonly buckets: readonly { readonly value: string; readonly count: number }[];
    };
  };
}

/** What `statistics.json` says of one column. */
export interface FeatureStatistics {
  /** Column. */
  readonly name: string;
  /** Model Monitor's type. */
  readonly inferred_type: "Integral" | "Fractional" | "String" | "Unknown";
  /** Ours. */
  readonly kind?: ColumnKind | undefined;
  /** In the file. */
  readonly type?: string | undefined;
  /** Of numbers, booleans, timestamps. */
  readonly numerical_statistics?: NumericalStatistics | undefined;
  /** Of strings. */
  readonly string_statistics?: StringStatistics | undefined;
}

/** What `statistics.json` says. */
export interface Statistics {
  /** Of the format: 0. */
  readonly version: number;
  /** Of all columns. */
  readonly dataset: { readonly item_count: number };
  /** By column. */
  readonly features: readonly FeatureStatistics[];
}

/** Reads `statistics.json`. @throws {DataError} `data.statistics-invalid` */
export function parseStatistics(json: unknown, file: string): Statistics {
  const parsed = statisticsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DataError({
    code: "data.statistics-invalid",
    cannot: `read the statistics ${file}`,
    found: issuesOf(parsed.error),
    todo: "Take the file that training wrote beside the model",
    place: { file },
  });
}

/** The quantile sketch of a column of numbers. */
export function sketchOf({ numerical_statistics: numbers }: FeatureStatistics): QuantileSketch {
  return QuantileSketch.fromLevels(numbers?.distribution.kll.sketch.data ?? []);
}

/** The counted categories of a column of strings. */
export function categoriesOf({ string_statistics: strings }: FeatureStatistics): FrequentValues {
  const buckets = strings?.distribution.categorical.buckets ?? [];
  return new FrequentValues(buckets.map(({ value, count }) => [value, count]));
}
