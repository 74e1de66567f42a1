import type { AnyCommand } from "../../jobs/lib/command.ts";
import { rollbackCommand as trainingRollback } from "../../jobs/training/rollback.ts";

/** Makes an earlier version of a model the champion: the training job's own command. */
export const rollbackCommand: AnyCommand = { ...trainingRollback, usage: "pipeline rollback" };
