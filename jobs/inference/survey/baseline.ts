import {
  type Constraints,
  loadConstraints,
  parseStatistics,
  readConstraints,
  type Statistics,
} from "../../lib/dataset/mod.ts";
import { DataError, messageOf } from "../../lib/errors.ts";
import type { ResolvedModel } from "../../lib/mlflow/mod.ts";

const STATISTICS = "baseline/statistics.json";
const PREDICTIONS = "baseline/predictions.json";
const CONSTRAINTS = "baseline/constraints.json";

/** What a model brings along to compare data with; all undefined where another tool made it. */
export interface Baseline {
  /** Of the features, in training. */
  readonly statistics: Statistics | undefined;
  /** Of the predictions, on rows that were held out. */
  readonly predictions: Statistics | undefined;
  /** What later data has to look like. */
  readonly constraints: Constraints | undefined;
}

/**
 * Reads the baseline of a model.
 *
 * @param file constraints instead of the model's own
 * @throws {DataError} `data.statistics-invalid`, `data.constraints-invalid`
 */
export async function baselineOf(
  { bundle }: Pick<ResolvedModel, "bundle">,
  file?: string,
): Promise<Baseline> {
  const read = (path: string) => {
    const bytes = bundle.files.find((each) => each.path === path)?.bytes;
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  const constraints = read(CONSTRAINTS);
  return {
    statistics: statisticsIn(read(STATISTICS), STATISTICS),
    predictions: statisticsIn(read(PREDICTIONS), PREDICTIONS),
    constraints: file !== undefined
      ? await loadConstraints(file)
      : constraints === undefined
      ? undefined
      : readConstraints(constraints, CONSTRAINTS),
  };
}

function statisticsIn(text: string | undefined, file: string): Statistics | undefined {
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DataError({
      code: "data.statistics-invalid",
      cannot: `read ${file}`,
      found: messageOf(error),
      todo: "Take the file that training wrote beside the model",
      place: { file },
    });
  }
  return parseStatistics(json, file);
}
