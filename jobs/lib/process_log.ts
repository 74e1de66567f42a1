/**
 * The log of a process, as `ML_LOG_FORMAT` and `ML_LOG_LEVEL` want it.
 *
 * @module
 */
import { UsageError } from "./errors.ts";
import { createLog, type Level, type Log } from "./log.ts";
import { CLEAR_LINE } from "./progress.ts";
import { writeStderr } from "./streams.ts";

/** Makes the log: readable on a terminal, JSON in a container and everywhere else. */
export function processLog(terminal: boolean, container: boolean): Log {
  const usual = terminal && !container ? "text" : "json";
  return createLog({
    // What is wrong is told by checkLogVariables(), which needs a log.
    format: FORMATS.find((format) => format === readEnv("ML_LOG_FORMAT")) ?? usual,
    level: LEVELS.find((level) => level === readEnv("ML_LOG_LEVEL")) ?? "info",
    ...(terminal ? { write: (line: string) => writeStderr(`${CLEAR_LINE}${line}\n`) } : {}),
  });
}

const FORMATS = ["json", "text"] as const;
const LEVELS: readonly Level[] = ["debug", "info", "warn", "error"];

/**
 * Looks at the variables of the log.
 *
 * @throws {UsageError} `config.invalid` if one has a value of no meaning
 */
export function checkLogVariables(): void {
  const known = { ML_LOG_FORMAT: FORMATS, ML_LOG_LEVEL: LEVELS };
  for (const [variable, values] of Object.entries(known)) {
    const value = readEnv(variable);
    if (value === undefined || values.some((one) => one === value)) continue;
    throw new UsageError({
      code: "config.invalid",
      cannot: "start",
      found: `$${variable} is ${JSON.stringify(value)}`,
      todo: `Use one of ${values.join(", ")}`,
      place: { option: variable },
    });
  }
}

function readEnv(name: string): string | undefined {
  return Deno.env.get(name) || undefined;
}
