/**
 * The training job: one command each in a file of its own.
 *
 * @module
 */

import { type AnyCommand, runProgram } from "../lib/command.ts";

/** Each is loaded when it is asked for: to look at data takes neither a forest nor MLflow. */
const COMMANDS: Readonly<Record<string, () => Promise<AnyCommand>>> = {
  validate: async () => (await import("./validate.ts")).validateCommand,
  train: async () => (await import("./train.ts")).trainCommand,
  evaluate: async () => (await import("./evaluate.ts")).evaluateCommand,
  register: async () => (await import("./register.ts")).registerCommand,
  promote: async () => (await import("./promote.ts")).promoteCommand,
  rollback: async () => (await import("./rollback.ts")).rollbackCommand,
};

/** Runs the command that the arguments name. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const all = Object.entries(COMMANDS);
  const named = all.filter(([name]) => name === args[0]);
  const loaded = (named.length > 0 ? named : all).map(
    async ([name, load]) => [name, await load()] as const,
  );
  const commands = Object.fromEntries(await Promise.all(loaded));
  return await runProgram("training", commands, args, { traced: true });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
