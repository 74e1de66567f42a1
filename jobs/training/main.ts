/**
 * The training job: `train`, `validate`, `promote`.
 *
 * @module
 */

import { runProgram } from "../lib/command.ts";
import { promoteCommand } from "./promote.ts";
import { trainCommand } from "./train.ts";
import { validateCommand } from "./validate.ts";

if (import.meta.main) {
  Deno.exit(
    await runProgram("training", {
      train: trainCommand,
      validate: validateCommand,
      promote: promoteCommand,
    }, Deno.args),
  );
}
