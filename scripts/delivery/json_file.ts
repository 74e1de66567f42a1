import type { z } from "zod";
import { isNotFound, issuesOf, messageOf, UsageError } from "../../jobs/lib/errors.ts";

/** Reads a JSON file. @throws {UsageError} `delivery.file` if it is missing or of another shape */
export async function parseJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const fail = (found: string) =>
    new UsageError({
      code: "delivery.file",
      cannot: `read ${file}`,
      found,
      todo: "Name the file that the step before wrote",
      place: { file },
    });
  let json: unknown;
  try {
    json = JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    throw fail(isNotFound(error) ? "there is no such file" : messageOf(error));
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw fail(issuesOf(parsed.error));
  return parsed.data;
}
