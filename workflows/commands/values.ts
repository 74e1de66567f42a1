import { isNotFound, issuesOf, messageOf, UsageError } from "../../jobs/lib/errors.ts";
import { z } from "zod";
import type { VariableValues } from "../definition/mod.ts";

const SCHEMA = z.record(
  z.string(),
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.string()),
    z.record(z.string(), z.union([z.string(), z.number()])),
  ]),
);

/**
 * Reads an environment's values of the definitions' variables.
 *
 * @param environment the value of the variable of that name, unless the file has another
 * @throws {UsageError} `pipeline.values-invalid`
 */
export async function readValues(
  path: string | undefined,
  environment: string | undefined,
): Promise<VariableValues> {
  const named = environment === undefined ? {} : { environment };
  if (path === undefined) return named;
  let json: unknown;
  try {
    json = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw invalid(path, isNotFound(error) ? "there is no such file" : messageOf(error));
  }
  const parsed = SCHEMA.safeParse(json);
  if (!parsed.success) throw invalid(path, issuesOf(parsed.error));
  return { ...named, ...parsed.data };
}

function invalid(path: string, found: string): UsageError {
  return new UsageError({
    code: "pipeline.values-invalid",
    cannot: `read the values ${path}`,
    found,
    todo: "Give a JSON object of values by the variables' names, of the types in variables.json",
    place: { file: path },
  });
}
