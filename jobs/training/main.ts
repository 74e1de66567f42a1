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

if (import.meta.main) {
  Deno.exit(
    await runProgram("training", {
      validate: validateCommand,
      train: trainCommand,
      evaluate: evaluateCommand,
      register: registerCommand,
      promote: promoteCommand,
      rollback: rollbackCommand,
    }, Deno.args),
  );
}
