/**
 * Runs a task of deno.json as a user does, and keeps what it prints. Where `ML_TEST_BINARIES` names a
 * folder of binaries, they stand for the tasks, and get nothing of the environment but what is given.
 *
 * @module
 */
import { resolve } from "node:path";

/** How a task ended. */
export interface TaskResult {
  readonly code: number;
  /** Lines of stdout. */
  readonly results: readonly string[];
  /** The last line of stdout, parsed. */
  readonly summary: Record<string, unknown>;
  /** stderr. */
  readonly log: string;
}

/** Starts a task and waits for its end. */
export function task(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<TaskResult> {
  return resultOf(startTask(name, args, env));
}

/** Starts a task. */
export function startTask(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Deno.ChildProcess {
  const binary = binaryOf(name);
  const [command, ...words] = binary ?? [Deno.execPath(), "task", "--quiet", name];
  return new Deno.Command(command, {
    args: [...words, ...args],
    env: { NO_COLOR: "1", ML_LOG_FORMAT: "json", ...env },
    clearEnv: binary !== undefined,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The binary that stands for a task, and its first arguments. */
export function binaryOf(task: string): [string, ...string[]] | undefined {
  const folder = Deno.env.get("ML_TEST_BINARIES");
  if (!folder) return undefined;
  const commands: Record<string, [string, ...string[]]> = {
    train: ["training", "train"],
    training: ["training"],
    score: ["inference", "score"],
    inference: ["inference"],
  };
  const found = commands[task];
  if (found === undefined) throw new Error(`no binary stands for the task ${task}`);
  const [program, ...words] = found;
  return [resolve(folder, program), ...words];
}

/** Sends SIGTERM to the job of a started task: the task's child, or the binary itself. */
export async function stopJob({ pid }: Deno.ChildProcess): Promise<void> {
  if (Deno.env.get("ML_TEST_BINARIES")) return Deno.kill(pid, "SIGTERM");
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", String(pid)] }).output();
  for (const child of new TextDecoder().decode(stdout).match(/\d+/g) ?? []) {
    Deno.kill(Number(child), "SIGTERM");
  }
}

/** Waits for a started task. */
export async function resultOf(process: Deno.ChildProcess): Promise<TaskResult> {
  const { code, stdout, stderr } = await process.output();
  const results = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  let summary: Record<string, unknown> = {};
  try {
    summary = JSON.parse(results.at(-1) ?? "{}");
  } catch {
    // No summary: the test that needs one says so.
  }
  return { code, results, summary, log: new TextDecoder().decode(stderr) };
}

/** An environment variable that the test runner provides. */
export function provided(name: string): string {
  const value = Deno.env.get(name);
  if (!value) throw new Error(`${name} is not set: run the tests with deno task test`);
  return value;
}

/** Runs a Python script with the oracle's interpreter and returns the JSON it prints. */
export async function python(
  script: string,
  args: readonly string[],
  { interpreter = provided("ML_TEST_PYTHON"), env = {} }: {
    interpreter?: string;
    env?: Record<string, string>;
  } = {},
): Promise<unknown> {
  const { code, stdout, stderr } = await new Deno.Command(interpreter, {
    args: [script, ...args],
    env: { MLFLOW_DISABLE_TELEMETRY: "true", MLFLOW_ALLOW_FILE_STORE: "true", ...env },
  }).output();
  if (code !== 0) throw new Error(`${script} failed:\n${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1) ?? "");
}
