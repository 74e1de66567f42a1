/**
 * The training job: one command each in a file of its own.
 *
 * @module
 */

import { runProgram } from "../lib/command.ts";
import { evaluateCommand } from "./evaluate.ts";
import { promoteCommand } from "./promote.ts";
import { registerCommand } from "./register.ts";
import { rollbackCommand } from "./rollback.ts";
import { trainCommand } from "./train.ts";
import { validateCommand } from "./validate.ts";

/** Runs the command that the arguments name. @returns the exit code */
export function main(args: readonly string[]): Promise<number> {
  return runProgram(
    "training",
    {
      validate: validateCommand,
      train: trainCommand,
      evaluate: evaluateCommand,
      register: registerCommand,
      promote: promoteCommand,
      rollback: rollbackCommand,
    },
    args,
    { traced: true },
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
