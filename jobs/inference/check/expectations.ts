import { parseConstraints, parseStatistics } from "../../lib/dataset/mod.ts";
import { DataError, isNotFound, messageOf } from "../../lib/errors.ts";
import type { ResolvedModel } from "../../lib/mlflow/mod.ts";
import type { Expectations } from "./inspect.ts";

const STATISTICS = "baseline/statistics.json";
const CONSTRAINTS = "baseline/constraints.json";

/**
 * What a model brings along to compare data with.
 *
 * @param file constraints instead of the model's own
 * @throws {DataError} `data.statistics-invalid`, `data.constraints-invalid`
 */
export async function baselineOf(
  { bundle }: ResolvedModel,
  file: string | undefined,
): Promise<Pick<Expectations, "baseline" | "constraints">> {
  const read = (path: string) => {
    const bytes = bundle.files.find((each) => each.path === path)?.bytes;
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  const statistics = read(STATISTICS);
  const constraints = file === undefined ? read(CONSTRAINTS) : await readFile(file);
  return {
    baseline: statistics === undefined
      ? undefined
      : parseStatistics(parse(statistics, STATISTICS), STATISTICS),
    constraints: constraints === undefined
      ? undefined
      : parseConstraints(parse(constraints, file ?? CONSTRAINTS), file ?? CONSTRAINTS),
  };
}

async function readFile(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw unreadable(file, isNotFound(error) ? "there is no such file" : messageOf(error));
  }
}

function parse(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw unreadable(file, messageOf(error));
  }
}

function unreadable(file: string, found: string): DataError {
  return new DataError({
    code: "data.constraints-invalid",
    cannot: `read ${file}`,
    found,
    todo: "Take the file that training wrote beside the model",
    place: { file },
  });
}
