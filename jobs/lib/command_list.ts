/**
 * Which of a program's commands the arguments mean, and how they are listed.
 *
 * @module
 */
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** A command, as far as lists of them go. */
export interface Listed {
  /** What it does; the first line stands in lists. */
  readonly about: string;
}

/** The command that the arguments name, in one word or two, or the commands that begin with it. */
export function choose<C extends Listed>(
  commands: Readonly<Record<string, C>>,
  [first = "", second = "", ...others]: readonly string[],
): { chosen?: C; rest: readonly string[]; group: [string, C][] } {
  const entries = Object.entries(commands);
  const rest = second === "" ? [] : [second, ...others];
  const one = entries.find(([name]) => name === first)?.[1];
  if (one !== undefined) return { chosen: one, rest, group: [] };
  const two = entries.find(([name]) => name === `${first} ${second}`)?.[1];
  if (two !== undefined) return { chosen: two, rest: others, group: [] };
  return { rest, group: entries.filter(([name]) => name.startsWith(`${first} `)) };
}

/** How a command is typed: by its task, or in a binary by the program. */
export function invocation(usage: string, program: string): string {
  if (!Deno.build.standalone) return `deno task ${usage}`;
  return usage.split(" ", 1)[0] === program ? usage : `${program} ${usage}`;
}

/** Whether help is wanted. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/** What is said of a command that there is none of. */
export function unknownCommand(
  program: string,
  [first = "", second = ""]: readonly string[],
  known: readonly string[],
): UsageError {
  const isGroup = known.some((one) => one.startsWith(`${first} `));
  const name = isGroup ? `${first} ${second}` : first;
  const close = nearest(name, known);
  return new UsageError({
    code: "config.unknown-command",
    cannot: "start",
    found: `${program} has no command ${JSON.stringify(name)}`,
    todo: close === undefined ? `Use one of ${known.join(", ")}` : `Did you mean ${close}?`,
  });
}

/** The list of commands, for `--help`. */
export function overview(program: string, commands: Readonly<Record<string, Listed>>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  return [
    `${invocation(program, program)} COMMAND [options]`,
    "",
    ...Object.entries(commands).map(([name, { about }]) =>
      `  ${name.padEnd(width)}${about.split("\n", 1)[0]}`
    ),
    "",
    "COMMAND --help lists its options. Exit codes: 0 done, 1 bug, 2 usage or configuration, 3 data",
    "rejected, 4 a dependency is unreachable or refused us, 5 quality gate not met, 6 fenced by a",
    "newer run, 143/130 stopped (resumable).",
  ].join("\n");
}
