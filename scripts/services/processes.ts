/**
 * Processes that outlive the command that started them, and their end.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import { CACHE } from "./folders.ts";
import { until } from "./readiness.ts";

/** A command to run. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/**
 * Starts a program as the leader of a new session, writing to `log`; it does not end with us.
 *
 * @returns its id, which is also that of its process group
 */
export function startDetached(program: Program, log: string): number {
  // Deno.Command cannot write to a file, a shell can.
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@" >"$0" 2>&1', log, program.command, ...program.args],
    env: { ...program.env },
    ...(program.folder === undefined ? {} : { cwd: program.folder }),
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  child.unref();
  return child.pid;
}

/** Runs a program to its end. @throws {DependencyError} with its last lines, if it failed */
export async function run(program: Program, purpose: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program.command, {
    args: [...program.args],
    env: { ...program.env },
    ...(program.folder === undefined ? {} : { cwd: program.folder }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  const out = decoder.decode(stdout);
  if (code === 0) return out;
  throw new DependencyError({
    code: "services.command-failed",
    cannot: purpose,
    found: `'${[program.command, ...program.args].join(" ")}' ended with ${code}:\n${
      lastLines(out + decoder.decode(stderr), 20)
    }\n`,
    todo: "Mend what it says, then start again",
  });
}

/** True if a program can be run at all, asked by a harmless argument. */
export async function answers(command: string, ...args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** True while the group has a process that we started: ids are reused, command lines tell. */
export async function isOurs(group: number): Promise<boolean> {
  const running = Deno.build.os === "linux" ? await listLinux() : await listByPs();
  return running.some((entry) => entry.group === group && entry.command.includes(CACHE));
}

/** Ends a process group, first kindly; returns once none of it is left. Does nothing to strangers. */
export async function endGroup(group: number): Promise<void> {
  for (const [signal, seconds] of [["SIGTERM", 10], ["SIGKILL", 10]] as const) {
    if (!await isOurs(group)) return;
    try {
      Deno.kill(-group, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    if (await until(async () => !await isOurs(group), seconds * 1000)) return;
  }
  throw new DependencyError({
    code: "services.not-stopped",
    cannot: "stop a service",
    found: `process group ${group} survived SIGKILL`,
    todo: "Look at it with ps",
  });
}

/** The last lines of a text. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

interface Running {
  readonly group: number;
  readonly command: string;
}

/** From /proc, since a slim image has no ps. */
async function listLinux(): Promise<Running[]> {
  const found: Running[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = await Deno.readTextFile(`/proc/${name}/stat`);
      // The name in parentheses may hold anything; the fields after it are plain.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const command = (await Deno.readTextFile(`/proc/${name}/cmdline`)).replaceAll("\0", " ");
      if (fields[0] !== "Z") found.push({ group: Number(fields[2]), command });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

async function listByPs(): Promise<Running[]> {
  const text = await run(
    { command: "ps", args: ["-A", "-ww", "-o", "pgid=,command="] },
    "list processes",
  );
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match ? [{ group: Number(match[1]), command: match[2] ?? "" }] : [];
  });
}
