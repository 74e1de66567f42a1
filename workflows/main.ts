/**
 * The pipelines: their definitions, and their executions here and on SageMaker.
 *
 * @module
 */
import { runProgram } from "../jobs/lib/command.ts";
import { runCommand } from "./commands/run.ts";
import { backfillCommand } from "./commands/backfill.ts";
import { diffCommand } from "./commands/diff.ts";
import { listCommand } from "./commands/list.ts";
import { logsCommand } from "./commands/logs.ts";
import { resumeCommand } from "./commands/resume.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { startCommand } from "./commands/start.ts";
import { statusCommand } from "./commands/status.ts";
import { stopCommand } from "./commands/stop.ts";
import { synthCommand } from "./commands/synth.ts";
import { testDataCommand } from "./commands/test_data.ts";
import { validateCommand } from "./commands/validate.ts";

if (import.meta.main) {
  Deno.exit(
    await runProgram("pipeline", {
      synth: synthCommand,
      validate: validateCommand,
      run: runCommand,
      "test-data": testDataCommand,
      diff: diffCommand,
      start: startCommand,
      status: statusCommand,
      stop: stopCommand,
      resume: resumeCommand,
      list: listCommand,
      logs: logsCommand,
      backfill: backfillCommand,
      rollback: rollbackCommand,
    }, Deno.args),
  );
}
