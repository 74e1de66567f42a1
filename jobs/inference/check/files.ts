/**
 * What a check leaves behind: Model Monitor's `statistics.json` and `constraint_violations.json`, and
 * the verdict as a property file, which a pipeline's condition reads.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-statistics.html
 * @module
 */

import { join } from "node:path";
import type { ColumnReport, DataReport } from "../../lib/dataset/mod.ts";
import { DependencyError, messageOf } from "../../lib/errors.ts";
import type { Inspection } from "./inspect.ts";

/** The verdict: `check.json`. */
export interface Verdict {
  /** Whether the run may be scored. */
  readonly passed: boolean;
  readonly run_id: string;
  readonly data: string;
  readonly rows: number;
  /** Of this run's manifest, which is written only where the data passed. */
  readonly manifest?: string;
  readonly violations: number;
  /** What was found, for people. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/** Writes the three files. @throws {DependencyError} `output.not-writable` */
export async function writeReport(
  folder: string,
  { report, violations }: Inspection,
  verdict: Verdict,
): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    await write("statistics.json", statistics(report));
    await write("constraint_violations.json", { violations });
    await write("check.json", verdict);
  } catch (error) {
    throw new DependencyError({
      code: "output.not-writable",
      cannot: `write the report of the check to ${folder}`,
      found: messageOf(error),
      todo: "Give --report a folder that this user may write to",
      place: { file: folder, option: "--report" },
      cause: error,
    });
  }

  async function write(name: string, value: unknown): Promise<void> {
    await Deno.writeTextFile(join(folder, name), JSON.stringify(value, null, 2) + "\n");
  }
}

/** In Model Monitor's shape. */
export function statistics(report: DataReport): Record<string, unknown> {
  return {
    version: 0,
    dataset: { item_count: report.rows },
    features: report.columns.map((column) => feature(column, report.rows)),
  };
}

function feature(
  { name, kind, type, missing, distinct, min, max, mean }: ColumnReport,
  rows: number,
): Record<string, unknown> {
  const common = { num_present: rows - missing, num_missing: missing };
  if (kind === "number") {
    return {
      name,
      inferred_type: /int/.test(type) ? "Integral" : "Fractional",
      numerical_statistics: {
        common,
        mean,
        sum: mean === null ? null : mean * common.num_present,
        min,
        max,
      },
    };
  }
  return {
    name,
    inferred_type: kind === "timestamp" ? "Unknown" : "String",
    string_statistics: { common, ...(distinct === undefined ? {} : { distinct_count: distinct }) },
  };
}
