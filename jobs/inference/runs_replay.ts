import { type AnyCommand, command } from "../lib/command.ts";
import { replayOptions } from "./options.ts";
import { identifyRun, knownRun, openRuns, replayId } from "./runs/mod.ts";
import { score } from "./score.ts";

/** Scores the inputs of a run again. */
export const runsReplayCommand: AnyCommand = command({
  usage: "inference runs replay RUN",
  about: [
    "Score the inputs of a complete or abandoned run again, as a new run that supersedes it",
    "Same files (those added since are not part of it), slot, key column and destination, and the",
    "same model unless --model-uri names another. The same command resumes it; to replay once more,",
    "name the new run.",
  ].join("\n"),
  options: replayOptions,
  operand: "run",
  contract: "processing",
  channels: () => ({}),
  run: async (context) => {
    const { values, container, log } = context;
    const runs = openRuns(values.runState);
    const { manifest } = await knownRun(runs, runs.run(values.run));
    const hosts = container?.kind === "processing" ? container.hosts : undefined;
    // Refuses what several processes would each name on their own.
    identifyRun({ ...values, scheduledTime: undefined }, hosts, new Date());
    const runId = values.runId ?? await replayId(runs, values.run);
    log.info("replaying", { run: values.run, as: runId });
    return await score({
      ...context,
      values: {
        ...values,
        runId,
        supersedes: values.run,
        scheduledTime: new Date(manifest.scored_at),
        data: manifest.data,
        inputUri: undefined,
        inputPartition: undefined,
        inputLagDays: 0,
        allowEmpty: true,
        modelUri: values.modelUri ?? manifest.model.resolved,
        keyColumn: manifest.key_column,
        onViolation: values.onViolation ?? manifest.on_violation,
        environment: manifest.environment,
        pipeline: manifest.pipeline,
      },
    }, manifest);
  },
});
