/**
 * The pipelines: their definitions, and their executions here and on SageMaker.
 *
 * @module
 */
import { runProgram } from "../jobs/lib/command.ts";
import { runCommand } from "./commands/run.ts";
import { synthCommand } from "./commands/synth.ts";
import { validateCommand } from "./commands/validate.ts";

if (import.meta.main) {
  Deno.exit(
    await runProgram("pipeline", {
      synth: synthCommand,
      validate: validateCommand,
      run: runCommand,
    }, Deno.args),
  );
}
