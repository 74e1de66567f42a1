/**
 * What data has to look like: Model Monitor's `constraints.json`, to be edited by hand.
 *
 * Beyond Model Monitor's, all optional: `minimum` and `maximum` of numbers, `pattern` of strings (a
 * regular expression that the whole value matches), `unique` values, `minimum_rows` of the dataset.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-constraints.html
 * @module
 */
import { z } from "zod";
import { DataError, issuesOf } from "../../errors.ts";
import type { ColumnKind } from "../column.ts";

const enabled = z.enum(["Enabled", "Disabled"]);
const share = z.number().min(0).max(1);

const featureSchema = z.object({
  name: z.string(),
  inferred_type: z.enum(["Integral", "Fractional", "String", "Unknown"]),
  kind: z.enum(["number", "boolean", "timestamp", "string"]).optional(),
  completeness: share.optional(),
  unique: z.boolean().optional(),
  num_constraints: z.object({
    is_non_negative: z.boolean().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }).optional(),
  string_constraints: z.object({
    domains: z.array(z.string()).max(100_000).optional(),
    pattern: z.string().max(1_000).optional(),
  }).optional(),
});

const constraintsSchema = z.object({
  version: z.number(),
  minimum_rows: z.number().int().min(0).optional(),
  features: z.array(featureSchema).max(100_000),
  monitoring_config: z.object({
    evaluate_constraints: enabled.default("Enabled"),
    emit_metrics: enabled.default("Enabled"),
    datatype_check_threshold: share.default(1),
    domain_content_threshold: share.default(1),
    distribution_constraints: z.object({
      perform_comparison: enabled.default("Enabled"),
      comparison_threshold: z.number().min(0).default(0.2),
      comparison_method: z.enum(["Robust", "Simple"]).default("Robust"),
    }).optional(),
  }).optional(),
});

/** What `constraints.json` says of one column. */
export interface FeatureConstraints {
  /** Column. */
  readonly name: string;
  /** Model Monitor's type. */
  readonly inferred_type: "Integral" | "Fractional" | "String" | "Unknown";
  /** Ours. */
  readonly kind?: ColumnKind | undefined;
  /** Least share of rows with a value. */
  readonly completeness?: number | undefined;
  /** Whether no value may come twice. */
  readonly unique?: boolean | undefined;
  /** Of numbers. */
  readonly num_constraints?: {
    readonly is_non_negative?: boolean | undefined;
    readonly minimum?: number | undefined;
    readonly maximum?: number | undefined;
  } | undefined;
  /** Of strings. */
  readonly string_constraints?: {
    readonly domains?: readonly string[] | undefined;
    readonly pattern?: string | undefined;
  } | undefined;
}

/** What `constraints.json` says. */
export interface Constraints {
  /** Of the format: 0. */
  readonly version: number;
  /** Fewer rows are a violation. */
  readonly minimum_rows?: number | undefined;
  /** By column. */
  readonly features: readonly FeatureConstraints[];
  /** Switches and thresholds. */
  readonly monitoring_config?: {
    readonly evaluate_constraints: "Enabled" | "Disabled";
    readonly emit_metrics: "Enabled" | "Disabled";
    readonly datatype_check_threshold: number;
    readonly domain_content_threshold: number;
    readonly distribution_constraints?: {
      readonly perform_comparison: "Enabled" | "Disabled";
      readonly comparison_threshold: number;
      readonly comparison_method: "Robust" | "Simple";
    } | undefined;
  } | undefined;
}

/** Reads `constraints.json`. @throws {DataError} `data.constraints-invalid` */
export function parseConstraints(json: unknown, file: string): Constraints {
  const fail = (found: string) =>
    new DataError({
      code: "data.constraints-invalid",
      cannot: `read the constraints ${file}`,
      found,
      todo: "Take the file that training wrote beside the model, and edit that",
      place: { file },
    });
  const parsed = constraintsSchema.safeParse(json);
  if (!parsed.success) throw fail(issuesOf(parsed.error));
  for (const { name, string_constraints: strings } of parsed.data.features) {
    if (strings?.pattern === undefined) continue;
    try {
      new RegExp(strings.pattern, "u");
    } catch {
      throw fail(`the pattern of ${name} is no regular expression: ${strings.pattern}`);
    }
  }
  return parsed.data;
}
