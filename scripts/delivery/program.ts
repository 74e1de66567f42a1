/**
 * Other programs that deliver: git, gh, terraform, deno.
 *
 * @module
 */
import { DependencyError, isNotFound } from "../../jobs/lib/errors.ts";

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program and reads what it says.
 *
 * @param purpose continues "Cannot "
 * @param accept exit codes that are answers
 * @throws {DependencyError} `delivery.no-program`, `delivery.program-failed` with its last lines
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { purpose, accept = [0], folder }: {
    readonly purpose: string;
    readonly accept?: readonly number[];
    readonly folder?: string;
  },
): Promise<Ended> {
  const decoder = new TextDecoder();
  let output;
  try {
    output = await new Deno.Command(command, {
      args: [...args],
      ...(folder === undefined ? {} : { cwd: folder }),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new DependencyError({
      code: "delivery.no-program",
      cannot: purpose,
      found: `${command} is not installed`,
      todo: `Install ${command}, or run this where it is`,
    });
  }
  const ended = {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
  if (accept.includes(ended.code)) return ended;
  const said = `${ended.stdout}\n${ended.stderr}`.trim().split("\n").slice(-8).join("\n");
  throw new DependencyError({
    code: "delivery.program-failed",
    cannot: purpose,
    found: `'${[command, ...args.slice(0, 3)].join(" ")} …' ended with ${ended.code}: ${said}`,
    todo: "Mend what it says, then run the same again",
  });
}
