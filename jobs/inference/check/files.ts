/**
 * What a check leaves behind: Model Monitor's `statistics.json` and `constraint_violations.json`,
 * `drift.json`, `report.html`, and the verdict as a property file, which a pipeline's condition reads.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-violations.html
 * @module
 */

import { join } from "node:path";
import { DependencyError, messageOf } from "../../lib/errors.ts";
import { type DataReportContent, renderDataReport } from "../../lib/evaluation/mod.ts";
import type { Findings } from "../survey/mod.ts";

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
  /** Features that have moved since training. */
  readonly drifted: readonly string[];
  /** What was found, for people. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/** Writes the files. @throws {DependencyError} `output.not-writable` */
export async function writeReport(
  folder: string,
  found: Findings,
  verdict: Verdict,
  about: Pick<DataReportContent, "run" | "model" | "scoredAt">,
): Promise<void> {
  const { statistics, violations, drift, predictions } = found;
  try {
    await Deno.mkdir(folder, { recursive: true });
    await write("statistics.json", JSON.stringify(statistics));
    await write("constraint_violations.json", JSON.stringify({ violations }, null, 2));
    await write("drift.json", JSON.stringify({ features: drift, predictions }, null, 2));
    await write("report.html", renderDataReport({ ...about, rows: verdict.rows, ...found }));
    await write("check.json", JSON.stringify(verdict, null, 2));
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

  async function write(name: string, text: string): Promise<void> {
    await Deno.writeTextFile(join(folder, name), text + "\n");
  }
}
