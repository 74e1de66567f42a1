/**
 * `deno task score` as a user runs it, with signals that reach the scoring process itself.
 */

import { binaryOf, type TaskResult } from "../job/task.ts";

/** A scoring process. */
export interface Scoring {
  /** How it ended; fails if it has not in time, for nothing may hang. */
  readonly result: Promise<TaskResult & { readonly signal: Deno.Signal | null }>;
  /** True once it has ended. */
  readonly over: () => boolean;
  /** Waits until the log contains a text. */
  says(text: string): Promise<void>;
  /** To the task and the job that it runs. */
  signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
}

/**
 * Starts a score.
 *
 * @param patience Milliseconds after which it hangs; three minutes unless told.
 */
export function startScore(
  args: readonly string[],
  env: Record<string, string>,
  patience = 180_000,
): Scoring {
  const binary = binaryOf("score");
  const [command, ...words] = binary ?? [Deno.execPath(), "task", "--quiet", "score"];
  const child = new Deno.Command(command, {
    args: [...words, ...args],
    clearEnv: binary !== undefined,
    env: { NO_COLOR: "1", ML_LOG_FORMAT: "json", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A process group of its own, to be hit as a whole.
    detached: true,
  }).spawn();
  let over = false;
  const kill = (signal: Deno.Signal) => {
    try {
      if (!over) Deno.kill(-child.pid, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill("SIGKILL");
  }, patience);
  let log = "";
  const awaited = new Map<string, () => void>();
  const listen = async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      log += text;
      for (const [text, found] of awaited) if (log.includes(text)) found();
    }
  };
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      if (log.includes(text)) resolve();
      else awaited.set(text, resolve);
    });
  const finish = async () => {
    try {
      const [{ code, signal }, stdout] = await Promise.all([
        child.status,
        new Response(child.stdout).text(),
        listen(),
      ]);
      if (late) throw new Error(`score has hung:\n${log}`);
      const results = stdout.split("\n").filter((line) => line !== "");
      return { code, signal, results, summary: parse(results.at(-1)), log };
    } finally {
      over = true;
      clearTimeout(timer);
    }
  };
  return { result: finish(), over: () => over, says, signal: kill };
}

function parse(line: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(line ?? "{}");
  } catch {
    return {}; // No summary: the test that needs one says so.
  }
}
