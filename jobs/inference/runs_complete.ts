import { type AnyCommand, command, type Context, type Outcome } from "../lib/command.ts";
import { DependencyError, UsageError } from "../lib/errors.ts";
import { completeRun } from "./completion.ts";
import { runsCompleteOptions } from "./options.ts";
import { checkDestination, identifyRun, knownRun, openRuns } from "./runs/mod.ts";
import { dataMetrics } from "./score_metrics.ts";
import { makeSink } from "./sink.ts";
import { reportRunData } from "./survey/mod.ts";

/** Completes a run whose shards are all published. */
export const runsCompleteCommand: AnyCommand = command({
  usage: "inference runs complete RUN",
  about: [
    "Check that all shards of a run are published and add up, and announce the run once",
    "Whoever publishes the last shard does it too; this is for a pipeline's last step and for what",
    "died in between. A run that is complete is left alone, exit code 0; one with shards to do ends",
    "with exit code 4.",
  ].join("\n"),
  options: runsCompleteOptions,
  operand: "runId",
  contract: "processing",
  channels: () => ({}),
  run: complete,
});

async function complete(
  { values, container, log, signal, print }: Context<typeof runsCompleteOptions>,
): Promise<Outcome> {
  if (values.runId === undefined && values.scheduledTime === undefined) throw unnamed();
  const { id } = identifyRun({ ...values, shard: undefined }, undefined, new Date());
  const runs = openRuns(values.runState);
  const state = runs.run(id);
  const { manifest, hash } = await knownRun(runs, state);
  const earlier = await state.completion();
  if (earlier !== undefined) {
    log.info("the run is complete already; nothing to do", { run: id });
    return { summary: earlier };
  }
  const sink = makeSink({ values, log, signal });
  try {
    checkDestination(manifest, await sink.prepare());
    const look = () => reportRunData(manifest, state, values.driftThreshold, log);
    const { completion, waiting, data } = await completeRun(
      manifest,
      state,
      look,
      async (record) => {
        const { environment, pipeline, run_id } = manifest;
        await sink.open({ environment, pipeline, run: run_id, shard: 0, manifest: hash });
        await sink.complete(record);
      },
    );
    if (completion !== undefined) {
      if (data !== undefined) {
        const contained = container !== undefined;
        dataMetrics(data, manifest.model.name, { contained, now: Date.now() }).forEach(print);
      }
      return { summary: completion };
    }
    throw new DependencyError({
      code: "run.incomplete",
      cannot: `complete run ${id}`,
      found: `shards ${waiting.join(", ")} of ${manifest.shards.length} are not published`,
      todo: "Run the command again that publishes them; it goes on where they are",
    });
  } finally {
    await sink.close();
  }
}

function unnamed(): UsageError {
  return new UsageError({
    code: "run.unnamed",
    cannot: "complete a run",
    found: "nothing says which",
    todo: "Give --run-id or --scheduled-time",
    place: { option: "--run-id" },
  });
}
