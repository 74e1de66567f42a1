/**
 * A job as processes that can be killed: what the task runs, with the task's permissions,
 * but without the task's shell in between.
 *
 * @module
 */
import { binaryOf, resultOf, type TaskResult } from "../job/task.ts";

export type { TaskResult };

/**
 * Starts `deno task inference …`, or another task.
 *
 * @param wrapper A command that runs it, if any
 */
export function startJob(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  task = "inference",
  wrapper: readonly string[] = [],
): Deno.ChildProcess {
  const binary = binaryOf(task);
  const [command = "", ...words] = [
    ...wrapper,
    ...binary ?? [Deno.execPath(), ...jobCommand(task)],
  ];
  return new Deno.Command(command, {
    args: [...words, ...args],
    clearEnv: binary !== undefined,
    env: { NO_COLOR: "1", ML_LOG_FORMAT: "json", ML_LOG_LEVEL: "info", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs `deno task inference …`. */
export function job(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TaskResult> {
  return resultOf(startJob(args, env));
}

/** As `job`, of a job that has to succeed. */
export async function succeed(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TaskResult> {
  const result = await job(args, env);
  if (result.code !== 0) throw new Error(`exit ${result.code}: ${args.join(" ")}\n${result.log}`);
  return result;
}

/** Codes of the errors in a log. */
export function errorsOf({ log }: TaskResult): string[] {
  return log.trimEnd().split("\n").map((line) => JSON.parse(line))
    .filter(({ level }) => level === "error").map(({ code }) => code);
}

function jobCommand(task: string): string[] {
  const config = JSON.parse(Deno.readTextFileSync("deno.json"));
  const words: string[] = config.tasks[task].command.match(/'[^']*'|\S+/g);
  return words.slice(1).map((word) => word.replaceAll("'", ""));
}
