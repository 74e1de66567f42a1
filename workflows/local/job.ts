/**
 * Runs the processes of a job: one per instance, until all have ended well or one has not.
 *
 * @module
 */
import { messageOf } from "../../jobs/lib/errors.ts";
import { PlatformFault, StepFailure } from "./failures.ts";
import type { Launch } from "./launch.ts";

/** One process of a job, and where its output goes. */
export interface JobProcess {
  readonly host: string;
  readonly launch: Launch;
  /** File of its output. */
  readonly log: string;
}

/** How long a job may take. */
export interface JobLimits {
  /** Seconds until SageMaker would stop it; undefined for none. */
  readonly maxRuntime: number | undefined;
  /** Milliseconds from SIGTERM to SIGKILL. */
  readonly killAfter: number;
  /** Asks the job to stop. */
  readonly signal: AbortSignal;
}

/** How a process ended. */
export interface JobEnd {
  readonly host: string;
  readonly code: number;
  /** The last lines of its output. */
  readonly tail: readonly string[];
}

/** Lines that a failure quotes. */
const TAIL = 5;

/**
 * Runs a job to its end.
 *
 * @param line told of every line of output
 * @returns how the first process ended that did not end well; undefined if all did
 * @throws {StepFailure} where it took too long
 * @throws {PlatformFault} where a process cannot be started
 */
export async function runJob(
  processes: readonly JobProcess[],
  { maxRuntime, killAfter, signal }: JobLimits,
  line: (text: string) => void,
): Promise<JobEnd | undefined> {
  const stop = new AbortController();
  const stopping = AbortSignal.any([signal, stop.signal]);
  const timer = maxRuntime === undefined ? undefined : setTimeout(() => {
    stop.abort(
      new StepFailure(`ClientError: MaxRuntimeExceeded: the job ran for ${maxRuntime} seconds`),
    );
  }, maxRuntime * 1000);
  let first: JobEnd | undefined;
  try {
    await Promise.all(processes.map(async (process) => {
      const end = await runProcess(process, stopping, killAfter, line);
      if (end.code === 0) return;
      first ??= end;
      // The others would wait for it.
      stop.abort();
    }));
  } finally {
    clearTimeout(timer);
  }
  if (stop.signal.reason instanceof StepFailure) throw stop.signal.reason;
  return first;
}

async function runProcess(
  { host, launch, log }: JobProcess,
  stopping: AbortSignal,
  killAfter: number,
  line: (text: string) => void,
): Promise<JobEnd> {
  const child = start(launch);
  let killer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    signalTo(child, "SIGTERM");
    killer = setTimeout(() => end(child, launch), killAfter);
  };
  if (stopping.aborted) stop();
  else stopping.addEventListener("abort", stop, { once: true });
  const tail: string[] = [];
  try {
    using file = await Deno.open(log, { append: true, create: true });
    const take = (text: string) => {
      file.writeSync(new TextEncoder().encode(text + "\n"));
      tail.push(text);
      if (tail.length > TAIL) tail.shift();
      line(text);
    };
    const [{ code }] = await Promise.all([
      child.status,
      lines(child.stdout, take),
      lines(child.stderr, take),
    ]);
    return { host, code, tail };
  } finally {
    stopping.removeEventListener("abort", stop);
    clearTimeout(killer);
  }
}

function start({ program, args, env }: Launch): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      env: { ...env },
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      throw new StepFailure(`ClientError: ${program} cannot be started: ${messageOf(error)}`);
    }
    // The machine has no process, memory or file left for it.
    throw new PlatformFault("SageMaker.CAPACITY_ERROR", messageOf(error));
  }
}

/** A container outlives the client that started it. */
function end(child: Deno.ChildProcess, { kill, env }: Launch): void {
  signalTo(child, "SIGKILL");
  if (kill === undefined) return;
  const [program, ...args] = kill;
  const options = {
    args,
    env: { ...env },
    clearEnv: true,
    stdout: "null",
    stderr: "null",
  } as const;
  new Deno.Command(program, options).spawn().unref();
}

function signalTo(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended.
  }
}

async function lines(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    parts.forEach(take);
  }
  if (rest !== "") take(rest);
}
