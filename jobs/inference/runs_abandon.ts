import { type AnyCommand, command } from "../lib/command.ts";
import { UsageError } from "../lib/errors.ts";
import { runsAbandonOptions } from "./options.ts";
import { knownRun, openRuns } from "./runs/mod.ts";

/** Gives up on a run. */
export const runsAbandonCommand: AnyCommand = command({
  usage: "inference runs abandon RUN",
  about: [
    "Give up on a run that is not complete, so that another may supersede it",
    "It cannot be resumed any more, and processes that still publish it end with exit code 6 within",
    "seconds. What it has published stays; its completion is never announced.",
  ].join("\n"),
  options: runsAbandonOptions,
  operand: "run",
  contract: "processing",
  channels: () => ({}),
  run: async ({ values, log }) => {
    const runs = openRuns(values.runState);
    const state = runs.run(values.run);
    await knownRun(runs, state);
    const refuseComplete = async () => {
      if (await state.completion() === undefined) return;
      throw new UsageError({
        code: "run.complete",
        cannot: `abandon run ${values.run}`,
        found: "it is complete",
        todo: "To replace it, score a new run that supersedes it: deno task inference runs replay",
      });
    };
    await refuseComplete();
    const abandonment = await state.abandon({
      run_id: values.run,
      reason: values.reason,
      abandoned_at: new Date().toISOString(),
    });
    // It may have been completed in between; then that counts.
    await refuseComplete();
    log.info("run abandoned", abandonment);
    return { summary: { status: "abandoned", ...abandonment } };
  },
});
