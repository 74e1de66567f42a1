/**
 * Runs `pipeline run --local` as a user does, each in a folder of its own.
 *
 * @module
 */
import { resultOf, startTask, type TaskResult } from "../job/task.ts";

/** Stands in for the images of definitions that are not ours. */
export const JOB =
  [Deno.execPath(), "run", "--allow-read", "--allow-write", "--allow-env=ML_ROOT"].join(
    " ",
  ) + " tests/local_pipelines/golden_job.ts";

/** A step of a summary, as far as the tests look. */
export interface Step {
  readonly name: string;
  readonly status: string;
  readonly attempts?: number;
  readonly outcome?: boolean;
  readonly cached_from?: string;
  readonly resumed_from?: string;
  readonly reason?: string;
}

/** What an execution says in the end. */
export interface Executed extends TaskResult {
  readonly status: string;
  readonly execution: string;
  readonly folder: string;
  readonly steps: readonly Step[];
  /** Its record. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** Arguments of a run. */
export type Arguments = readonly string[];

/** Starts a pipeline and waits for its end. */
export async function execute(
  output: string,
  args: Arguments,
  env: Record<string, string> = {},
): Promise<Executed> {
  return await executed(start(output, args, env));
}

/** Starts a pipeline. */
export function start(
  output: string,
  args: Arguments,
  env: Record<string, string> = {},
): Deno.ChildProcess {
  const own = { MLFLOW_TRACKING_URI: `${output}/mlruns`, KAFKA_BOOTSTRAP_SERVERS: "", ...env };
  return startTask("pipeline", ["run", "--local", ...args, `--output=${output}`], own);
}

/** Waits for a pipeline's end. */
export async function executed(process: Deno.ChildProcess): Promise<Executed> {
  const result = await resultOf(process);
  const { status, execution, folder, steps } = result.summary;
  if (typeof folder !== "string") throw new Error(`no summary:\n${result.log}`);
  return {
    ...result,
    status: String(status),
    execution: String(execution),
    folder,
    steps: steps as Step[],
    record: JSON.parse(await Deno.readTextFile(`${folder}/execution.json`)),
  };
}

/** The status of every step by name. */
export function statuses({ steps }: Executed): Record<string, string> {
  return Object.fromEntries(steps.map(({ name, status }) => [name, status]));
}

/** One step of a summary. */
export function stepOf({ steps }: Executed, name: string): Step {
  const found = steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}

/** Processes of jobs whose trees are below a folder; Linux only. */
export async function jobsBelow(folder: string): Promise<number[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", 'grep -lsz "^ML_ROOT=$0/" /proc/[0-9]*/environ', folder],
  }).output();
  const files = new TextDecoder().decode(stdout).split("\n");
  return files.flatMap((file) => /^\/proc\/(\d+)\//.exec(file)?.[1] ?? []).map(Number);
}
