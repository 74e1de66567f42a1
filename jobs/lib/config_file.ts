/**
 * The file of `--config`.
 *
 * @module
 */
import { isNotFound, messageOf, UsageError } from "./errors.ts";

/** Takes `--config FILE` out of the arguments. @throws {UsageError} `config.invalid` */
export function splitConfigFile(
  args: readonly string[],
): { file?: string; rest: readonly string[] } {
  const at = args.findIndex((arg) => arg === "--config" || arg.startsWith("--config="));
  if (at < 0) return { rest: args };
  const arg = args[at] ?? "";
  const inline = arg.startsWith("--config=");
  const file = inline ? arg.slice("--config=".length) : args[at + 1];
  if (file === undefined || file === "") {
    throw new UsageError({
      code: "config.invalid",
      cannot: "start",
      found: "--config needs a value",
      todo: "Name a JSON file",
      place: { option: "--config" },
    });
  }
  return { file, rest: args.toSpliced(at, inline ? 1 : 2) };
}

/** Reads the file: options by their snake_case names. @throws {UsageError} `config.file-invalid` */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const fail = (found: string) =>
    new UsageError({
      code: "config.file-invalid",
      cannot: `read the configuration ${path}`,
      found,
      todo: 'Give a JSON object of option names in snake_case, as in {"n_estimators": 100}',
      place: { file: path },
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw fail(isNotFound(error) ? "there is no such file" : messageOf(error));
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw fail("it is not an object");
  }
  return { ...parsed };
}
