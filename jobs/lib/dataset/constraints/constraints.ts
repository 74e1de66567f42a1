/**
 * What data has to look like: Model Monitor's `constraints.json`, to be edited by hand.
 *
 * Beyond Model Monitor's, all optional: `minimum` and `maximum` of numbers, `pattern` of strings (a
 * regular expression that the whole value matches), `unique` values, `ordered` rows, and of the dataset
 * `minimum_rows` and `maximum_duplicate_share`; of labelled data `minimum_class_share` and
 * `maximum_leakage`. Names that are not known are refused: a rule that is misspelt would never hold.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-constraints.html
 * @module
 */
import { z } from "zod";
import { DataError, messageOf } from "../../errors.ts";
import type { ColumnKind } from "../column.ts";

const enabled = z.enum(["Enabled", "Disabled"]);
const share = z.number().min(0).max(1);

const featureSchema = z.strictObject({
  name: z.string(),
  inferred_type: z.enum(["Integral", "Fractional", "String", "Unknown"]),
  kind: z.enum(["number", "boolean", "timestamp", "string"]).optional(),
  completeness: share.optional(),
  unique: z.boolean().optional(),
  ordered: z.boolean().optional(),
  num_constraints: z.strictObject({
    is_non_negative: z.boolean().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }).refine(
    ({ minimum = -Infinity, maximum = Infinity }) => minimum <= maximum,
    "minimum is above maximum",
  ).optional(),
  string_constraints: z.strictObject({
    domains: z.array(z.string()).max(100_000).optional(),
    pattern: z.string().max(1_000).optional(),
  }).optional(),
});

const constraintsSchema = z.strictObject({
  version: z.number(),
  minimum_rows: z.number().int().min(0).optional(),
  maximum_duplicate_share: share.optional(),
  minimum_class_share: share.optional(),
  maximum_leakage: share.optional(),
  features: z.array(featureSchema).max(100_000).refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    "a name comes twice",
  ),
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
  /** Whether no row of a file may be below the row before. */
  readonly ordered?: boolean | undefined;
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
  /** Largest share of rows that equal an earlier one in every column. */
  readonly maximum_duplicate_share?: number | undefined;
  /** Least share of the rarest class of the label. */
  readonly minimum_class_share?: number | undefined;
  /** How well a feature alone may predict the label: area under the ROC curve, or R². */
  readonly maximum_leakage?: number | undefined;
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

/** Reads the text of `constraints.json`. @throws {DataError} `data.constraints-invalid` */
export function readConstraints(text: string, file: string): Constraints {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(file, messageOf(error), "Correct it there; it must be JSON");
  }
  return parseConstraints(json, file);
}

/** Reads `constraints.json`. @throws {DataError} `data.constraints-invalid` */
export function parseConstraints(json: unknown, file: string): Constraints {
  const parsed = constraintsSchema.safeParse(json);
  if (!parsed.success) {
    const named = parsed.error.issues.map(({ path, message }) =>
      `${placeOf(path, json)}: ${message}`
    );
    throw invalid(
      file,
      named.slice(0, MOST_ISSUES).join("; "),
      "Correct it there; the names of all rules are in docs/validation.md",
    );
  }
  for (const { name, string_constraints: strings } of parsed.data.features) {
    if (strings?.pattern === undefined) continue;
    try {
      new RegExp(strings.pattern, "u");
    } catch (error) {
      const found = `the pattern of ${name} is no regular expression: ${messageOf(error)}`;
      throw invalid(file, found, "Write it as JavaScript does, with the flag u");
    }
  }
  return parsed.data;
}

const MOST_ISSUES = 5;

/** `features.3.completeness` as `completeness of column temp`. */
function placeOf(path: readonly PropertyKey[], json: unknown): string {
  const [first, index, ...rest] = path;
  const name = first === "features" && typeof index === "number" ? nameOf(json, index) : undefined;
  if (name === undefined) return path.map(String).join(".") || "the file";
  return `${rest.map(String).join(".") || "the entry"} of column ${name}`;
}

const named = z.object({ features: z.array(z.unknown()) });
const entry = z.object({ name: z.string() });

function nameOf(json: unknown, index: number): string | undefined {
  const features = named.safeParse(json).data?.features ?? [];
  return entry.safeParse(features[index]).data?.name;
}

function invalid(file: string, found: string, todo: string): DataError {
  return new DataError({
    code: "data.constraints-invalid",
    cannot: `read the constraints ${file}`,
    found,
    todo,
    place: { file },
  });
}
