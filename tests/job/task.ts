/**
 * Runs a task of deno.json as a user does, and keeps what it prints.
 *
 * @module
 */

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
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", name, ...args],
    env: { NO_COLOR: "1", ML_LOG_FORMAT: "json", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
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
