/**
 * Looks at a day's data before it is scored.
 *
 * @module
 */

import {
  type DataReport,
  type Dataset,
  type Feature,
  type FeatureSchema,
  type Finding,
  matchColumns,
  readTable,
  validateTable,
} from "../../lib/dataset/mod.ts";
import { DataError } from "../../lib/errors.ts";

/** Model Monitor's kinds of check, as far as data without a baseline can break them. */
export type CheckType = "data_type_check" | "completeness_check" | "missing_column_check";

/** One thing for which a day is not scored. */
export interface Violation {
  readonly feature_name: string;
  readonly constraint_check_type: CheckType;
  readonly description: string;
}

/** What was found. */
export interface Inspection {
  /** Of the columns that the model takes; empty where they are not all there. */
  readonly report: DataReport;
  /** With one the day must not be scored. */
  readonly violations: readonly Violation[];
  /** What somebody should look at. */
  readonly warnings: readonly Finding[];
}

const NOTHING: DataReport = { rows: 0, columns: [], findings: [], classes: [] };

/**
 * Reads the columns that the model takes, once, and says everything that is wrong with them.
 *
 * @param key column of the message keys, if there is one
 */
export async function inspect(
  dataset: Dataset,
  schema: FeatureSchema,
  key: string | undefined,
): Promise<Inspection> {
  if (dataset.rows === 0) return { report: NOTHING, violations: [], warnings: [] };
  let columns: readonly string[];
  try {
    ({ columns } = matchColumns(schema, dataset.fields, key ?? null));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const violations = mismatches(dataset, schema, key);
    return { report: { ...NOTHING, rows: dataset.rows }, violations, warnings: [] };
  }
  const table = await readTable(dataset, columns);
  const report = validateTable(table, key === undefined ? {} : { key });
  return { report, ...judge(report, schema) };
}

/** A feature without any value is a broken feed; whatever else is odd, the model can score. */
export function judge(
  { findings }: Pick<DataReport, "findings">,
  schema: Pick<FeatureSchema, "features">,
): Pick<Inspection, "violations" | "warnings"> {
  const features = new Set(schema.features.map(({ name }) => name));
  const breaks = ({ severity, code, column }: Finding) =>
    severity === "error" ||
    (code === "data.all-missing" && column !== undefined && features.has(column));
  return {
    violations: findings.filter(breaks).map(({ column = "", message }) => ({
      feature_name: column,
      constraint_check_type: "completeness_check",
      description: message,
    })),
    warnings: findings.filter((finding) => !breaks(finding)),
  };
}

/** Each column on its own, where {@linkcode matchColumns} has refused all of them. */
function mismatches(
  { fields }: Pick<Dataset, "fields">,
  schema: FeatureSchema,
  key: string | undefined,
): Violation[] {
  const present = new Set(fields.map(({ name }) => name));
  const names = [...schema.features.map(({ name }) => name), ...(key === undefined ? [] : [key])];
  const missing = names.filter((name) => !present.has(name)).map((name): Violation => ({
    feature_name: name,
    constraint_check_type: "missing_column_check",
    description: `there is no column ${name}`,
  }));
  const wrong = schema.features.filter(({ name }) => present.has(name)).flatMap((feature) =>
    typeViolation(fields, schema, feature)
  );
  return [...missing, ...wrong];
}

function typeViolation(
  fields: Dataset["fields"],
  schema: FeatureSchema,
  feature: Feature,
): Violation[] {
  try {
    const own = fields.filter(({ name }) => name === feature.name);
    matchColumns({ ...schema, features: [feature] }, own, null);
    return [];
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const type = fields.find(({ name }) => name === feature.name)?.type;
    return [{
      feature_name: feature.name,
      constraint_check_type: "data_type_check",
      description: `${feature.name} is ${type}, and the model takes ${feature.type}`,
    }];
  }
}
